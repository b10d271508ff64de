"""The public log from outside: it verifies, and whatever is done to it is found and named."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests import casework, stack
from tests.published import build, withdraw
from verify import verify_log

RECORDS = 5
Files = dict[str, bytes]


@pytest.fixture
def files(public_client: Client, db: None, folder: Path, only_data: None) -> Files:
    """What `verify_log.download` gets: five publications and a withdrawal."""
    for _ in range(RECORDS - 1):
        casework.published()
    school = casework.school()
    withdraw(casework.published(at=school), school)
    build()
    found = {name: public_client.get(f"/api/v1/{name}").content for name in verify_log.FILES}
    page = public_client.get("/api/v1/log/entries").json()
    lines = [json.dumps(entry, sort_keys=True, ensure_ascii=False) for entry in page["entries"]]
    assert len(lines) == page["size"] == RECORDS + 1
    return {**found, "log/entries.jsonl": "".join(f"{line}\n" for line in lines).encode()}


def verdict(files: Files, old: Files | None = None) -> str:
    """The fault that is found, empty for none."""
    try:
        verify_log.check(files, files["log/key"].decode(), old)
    except verify_log.Wrong as fault:
        return str(fault)
    return ""


def entries(files: Files) -> list[Any]:
    return [json.loads(line) for line in files["log/entries.jsonl"].splitlines()]


def changed(files: Files, lines: list[Any]) -> Files:
    return {**files, "log/entries.jsonl": "".join(json.dumps(line) + "\n" for line in lines).encode()}


def test_what_the_site_gives_out_verifies(files: Files) -> None:
    assert verdict(files) == ""
    assert [bool(entry["opening"]) for entry in entries(files)] == [True] * (RECORDS - 1) + [False, False]


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_flipped_byte_of_an_entry_is_found_and_its_index_named(files: Files, data: st.DataObject) -> None:
    logged = entries(files)
    index = data.draw(st.integers(0, len(logged) - 1))
    name = data.draw(st.sampled_from([*verify_log.LEAF, "leaf_hash"]))
    value = logged[index][name]
    if isinstance(value, int):
        logged[index][name] = value + data.draw(st.integers(1, 9))
    else:
        place = data.draw(st.integers(0, len(value) - 1))
        logged[index][name] = value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
    assert f"Entry {index} " in verdict(changed(files, logged))


def test_dropped_reordered_and_truncated_entries_are_named(files: Files) -> None:
    logged = entries(files)
    assert "Entry 2 " in verdict(changed(files, logged[:2] + logged[3:]))
    assert "Entry 1 " in verdict(changed(files, [logged[0], logged[2], logged[1], *logged[3:]]))
    assert f"Entry {RECORDS} " in verdict(changed(files, logged[:-1]))
    assert f"Entry {RECORDS + 1} " in verdict(changed(files, [*logged, logged[-1]]))
    assert "Entry 0 " in verdict(changed(files, []))


@pytest.mark.parametrize(
    ("name", "value"), [("salt", "00" * 32), ("salt", "x"), ("content", "{}"), ("content", 5)]
)
def test_a_changed_opening_is_found_and_its_index_named(files: Files, name: str, value: object) -> None:
    logged = entries(files)
    logged[1]["opening"][name] = value
    assert "Entry 1 " in verdict(changed(files, logged))


def test_an_entry_rewritten_with_its_hash_breaks_the_root(files: Files) -> None:
    logged = entries(files)
    logged[1]["reason"] = "checking"
    logged[1]["leaf_hash"] = verify_log.leaf_hash(logged[1]).hex()
    assert "signed root" in verdict(changed(files, logged))


def test_a_fork_signed_with_the_key_is_found_against_an_older_download(files: Files) -> None:
    from geo.record import log
    from geo.record.checkpoints import seed

    logged = entries(files)
    logged[3]["reason"] = "checking"
    logged[3]["leaf_hash"] = verify_log.leaf_hash(logged[3]).hex()
    root = verify_log.tree_root([bytes.fromhex(entry["leaf_hash"]) for entry in logged])
    origin = files["log/checkpoint"].decode().split("\n")[0]
    note = log.sign(log.Checkpoint(origin, len(logged), root), seed())
    forked = {**changed(files, logged), "log/checkpoint": note.encode()}
    assert verdict(forked) == "", "by itself it is a log like any other"
    assert "Entry 3 " in verdict(forked, old=files)


def test_a_checkpoint_of_another_key_is_refused(files: Files) -> None:
    note = files["log/checkpoint"].decode()
    for wrong in (note.replace(f"\n{RECORDS + 1}\n", "\n3\n"), "", note[:-8] + "\n", note.replace("—", "-")):
        assert (
            verdict({**files, "log/checkpoint": wrong.encode()})
            == "The checkpoint is not signed by this key."
        )


@pytest.mark.parametrize(
    ("name", "value"),
    [("grade", "B"), ("month", "2026-07"), ("status", "disputed"), ("school_id", "X9OTHER")],
)
def test_a_record_shown_otherwise_than_logged_is_named(files: Files, name: str, value: str) -> None:
    shown = json.loads(files["records.geojson"])
    shown["features"][0]["properties"][name] = value
    fault = verdict({**files, "records.geojson": json.dumps(shown).encode()})
    assert shown["features"][0]["id"] in fault


def test_a_record_that_was_never_logged_or_was_withdrawn_is_named(files: Files) -> None:
    shown = json.loads(files["records.geojson"])
    gone = shown["withdrawn"][0]["public_id"]
    for record, word in (("00000000-0000-4000-8000-000000000000", "never logged"), (gone, "withdrew")):
        shown["features"][0]["id"] = record
        assert word in verdict({**files, "records.geojson": json.dumps(shown).encode()})


def test_every_proof_that_the_api_gives_holds(files: Files, public_client: Client) -> None:
    import base64

    from geo.record import log

    logged = entries(files)
    tree = log.Tree([bytes.fromhex(entry["leaf_hash"]) for entry in logged])
    for size in range(1, len(logged) + 1):
        for index in range(size):
            proof = public_client.get(f"/api/v1/log/proof/inclusion?index={index}&size={size}").json()
            path = [base64.b64decode(step) for step in proof["path"]]
            assert log.verify_inclusion(bytes.fromhex(proof["leaf_hash"]), index, size, path, tree.root(size))
        proof = public_client.get(f"/api/v1/log/proof/consistency?first={size}").json()
        path = [base64.b64decode(step) for step in proof["path"]]
        assert log.verify_consistency(size, len(logged), tree.root(size), tree.root(), path)


@pytest.mark.parametrize(
    "address", ["inclusion?index=99", "inclusion", "consistency?first=0", "consistency?first=3&second=2"]
)
def test_there_is_no_proof_of_nothing(files: Files, public_client: Client, address: str) -> None:
    answer = public_client.get(f"/api/v1/log/proof/{address}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_the_database_verifies_and_a_changed_row_is_named(files: Files, capsys: Any) -> None:
    call_command("verify_log")
    assert f"All {RECORDS + 1} entries" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_logentry SET action = 'restored' WHERE index = 4")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_log")
    assert ended.value.code == 1
    assert "Entry 4 " in capsys.readouterr().err


def test_entries_cut_off_the_end_of_the_database_are_missed(files: Files, capsys: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_logentry WHERE index = %s", [RECORDS])
    with pytest.raises(SystemExit) as ended:
        call_command("verify_log")
    assert ended.value.code == 1
    assert f"Entry {RECORDS} is missing" in capsys.readouterr().err


def test_a_row_rewritten_with_its_hash_breaks_the_checkpoint(files: Files, capsys: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_logentry SET reason = 'checking' WHERE index = 2")
        cursor.execute(
            "UPDATE record_logentry e SET leaf_hash = sha256('\\x00'::bytea || convert_to(record_leaf(e), 'UTF8'))"
            " WHERE index = 2"
        )
    with pytest.raises(SystemExit) as ended:
        call_command("verify_log")
    assert ended.value.code == 1
    assert "root of their checkpoint" in capsys.readouterr().err


def test_a_record_changed_behind_the_log_is_named(files: Files, capsys: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_impactrecord SET grade = 'B' WHERE grade = 'A'")
    with pytest.raises(SystemExit) as ended:
        call_command("verify_log")
    assert ended.value.code == 1
    assert "is not what entry" in capsys.readouterr().err


def test_the_one_file_program_checks_a_site_and_a_download(running_site: stack.Site, tmp_path: Path) -> None:
    """Alone, from a folder where nothing of the site can be imported."""
    alone = tmp_path / "verify_log.py"
    alone.write_bytes((settings.ROOT / "verify" / "verify_log.py").read_bytes())

    def run(*arguments: str) -> Any:
        return subprocess.run(
            [sys.executable, str(alone), *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    first = run("--url", running_site.public_url, "--save", "first")
    assert (first.returncode, first.stderr) == (0, "")
    assert run("--dir", "first").returncode == 0
    assert run("--url", running_site.public_url, "--since", "first").returncode == 0
    lines = (tmp_path / "first" / "log" / "entries.jsonl").read_bytes()
    (tmp_path / "first" / "log" / "entries.jsonl").write_bytes(lines.replace(b"confirmed", b"konfirmed", 1))
    broken = run("--dir", "first")
    assert (broken.returncode, broken.stderr.splitlines()[0][:7]) == (1, "Entry 0")
    assert run("--dir", "nowhere").returncode == 2
    assert run("--url", "http://127.0.0.1:1/").returncode == 2
