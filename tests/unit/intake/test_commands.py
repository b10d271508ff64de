"""`screen` and `seal_keys` from the command line: output, and exit code 2 with one sentence for bad input."""

import io
import json

import pytest
from django.core.management import CommandError, call_command


def screen_lines(path) -> list[dict]:
    out = io.StringIO()
    call_command("screen", str(path), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_screen_writes_one_line_for_each_text(tmp_path):
    file = tmp_path / "texts.jsonl"
    texts = ["번호 010-4821-9937", "피해 있음", "bora_bora 방"]
    file.write_text("\n".join(json.dumps({"text": text}) for text in texts) + "\n\n", encoding="utf-8-sig")
    assert screen_lines(file) == [
        {"verdict": "block", "spans": [[3, 16, "PHONE"]]},
        {"verdict": "pass", "spans": []},
        {"verdict": "ask", "spans": [[0, 9, "HANDLE"]]},
    ]


def test_screen_offsets_count_characters_of_the_text_as_given(tmp_path):
    file = tmp_path / "texts.jsonl"
    text = "🙂\u200b번호\u200b 0\u200b10-4821-9937 끝"
    file.write_text(json.dumps({"text": text}), encoding="utf-8")
    start, end, kind = screen_lines(file)[0]["spans"][0]
    assert (text[start:end], kind) == ("0\u200b10-4821-9937", "PHONE")


@pytest.mark.parametrize(
    "line", ["not json", "[]", '"text"', "{}", '{"text": 1}', '{"text": null}', "[" * 100_000]
)
def test_screen_refuses_a_bad_line_before_writing_anything(tmp_path, line):
    file = tmp_path / "texts.jsonl"
    file.write_text('{"text": "피해 있음"}\n' + line, encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="2") as refused:
        call_command("screen", str(file), stdout=out)
    assert refused.value.returncode == 2
    assert "\n" not in str(refused.value)
    assert out.getvalue() == ""


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "텍스트".encode("cp949")])
def test_screen_refuses_other_encodings(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(CommandError, match="UTF-8") as refused:
        call_command("screen", str(tmp_path / "x"))
    assert refused.value.returncode == 2


def test_screen_says_that_a_file_is_missing(tmp_path):
    with pytest.raises(CommandError, match="cannot be read") as refused:
        call_command("screen", str(tmp_path / "nothing"))
    assert refused.value.returncode == 2


def seal_keys(*arguments: str) -> str:
    out = io.StringIO()
    call_command("seal_keys", *arguments, stdout=out)
    return out.getvalue()


def test_seal_keys_makes_rotates_lists_and_destroys(settings, tmp_path):
    settings.SECRETS = tmp_path
    first = seal_keys("make").split()[-1]
    assert seal_keys("make").split()[-1] == first
    second = seal_keys("rotate").split()[-1]
    listed = seal_keys("list")
    assert f"{second}  current" in listed
    assert f"{first}  rotated" in listed
    with pytest.raises(CommandError, match="--yes") as refused:
        seal_keys("destroy", first)
    assert refused.value.returncode == 2
    assert first in seal_keys("list")
    seal_keys("destroy", first, "--yes")
    assert first not in seal_keys("list")


@pytest.mark.parametrize("key_id", ["0000000000000000", "../../x", ""])
def test_seal_keys_refuses_unknown_keys(settings, tmp_path, key_id):
    settings.SECRETS = tmp_path
    seal_keys("make")
    with pytest.raises(CommandError) as refused:
        seal_keys("destroy", key_id, "--yes")
    assert refused.value.returncode == 2
