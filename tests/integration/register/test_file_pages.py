"""Official files through the pages: the one door for a file, choices that can be taken back, and two people."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from geo.directory.models import School
from moderation.register import querysets
from moderation.register.models import Difference, OfficialFile
from moderation.review.models import Member
from moderation.review.vocabulary import Role
from moderation.staff import uploads
from tests import casework, desk
from tests.integration.directory.test_import_schools import several
from tests.integration.register.test_files import changed, record_at
from tests.stack import staff_client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regions", "imported")]
PASS = {"passphrase": casework.PASSPHRASE}


def seat(by: Member) -> Any:
    return desk.seat(staff_client(headers={"accept-language": "en"}), by)


def sent(client: Any, path: Path, name: str = "schools.csv", **other: Any) -> Any:
    file = SimpleUploadedFile(name, path.read_bytes(), content_type="text/csv")
    return client.post("/register/files/", {"kind": "schools", "file": file, **PASS, **other})


def test_the_whole_way(write: Callable[..., Path], imported: list[dict[str, str]]) -> None:
    one, two = seat(casework.member(Role.REGISTRAR)), seat(casework.member())
    record = record_at("X900000001")
    assert one.get("/register/files/").status_code == 200
    answer = sent(one, write("schools", *changed(imported)))
    file = OfficialFile.objects.get()
    at = f"/register/files/{file.pk}/"
    assert answer["Location"] == at
    assert at in one.get("/register/files/").content.decode()
    page = one.get(at).content.decode()
    for words in ("보기새이름초등학교", "3336 m", "127.05 37.58", "the point is 0, 0"):
        assert words in page, words
    decider = two.get(at).content.decode()
    for words in ("Public records: 1", "under the new name", "?touched=on"):
        assert words in decider and words not in page, "a registrar learns of no record"
    assert "/apply/" not in page, "some are not chosen"
    assert "choose/" not in two.get(at).content.decode()
    for kind in ("added", "moved", "closed", "left", "details"):
        assert one.post(f"{at}choose/", {"kind": kind, "choice": "accept"}).status_code == 302
    renamed = Difference.objects.get(school="X900000001")
    assert renamed.choice is None and querysets.undecided(file.pk) == 1
    single = {"difference": renamed.pk, "choice": "accept", "back": f"{at}?kind=renamed#d{renamed.pk}"}
    assert one.post(f"{at}choose/", single)["Location"] == single["back"]
    assert one.post(f"{at}choose/", {**single, "choice": "undo", "back": "//evil.example/"})["Location"] == at
    assert querysets.undecided(file.pk) == 1
    one.post(f"{at}choose/", single)
    assert two.post(f"{at}choose/", single).status_code == 403
    shown = {"shown": querysets.shown(file.pk).hex(), **PASS}
    assert two.post(f"{at}apply/", shown).status_code == 403
    assert one.post(f"{at}apply/", {**shown, "shown": "0" * 64}).status_code == 409
    assert one.post(f"{at}apply/", shown).status_code == 302
    assert School.objects.get(pk="X900000001").name != "보기새이름초등학교"
    assert "another person has to do so as well" in one.get(at).content.decode()
    assert at in two.get("/register/").content.decode()
    assert f'action="{at}apply/"' in two.get(at).content.decode()
    assert two.post(f"{at}apply/", shown).status_code == 302
    assert School.objects.get(pk="X900000001").name == "보기새이름초등학교"
    assert str(record) and "Applied by" in one.get(at).content.decode()
    assert two.post(f"{at}apply/", shown).status_code == 409


def test_a_file_is_taken_at_one_door_only(
    write: Callable[..., Path],
    imported: list[dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    path = write("schools", *imported)
    kept: list[str] = []
    new_file = uploads.TakeOfficialFile.new_file

    def note(self: Any, field: str, name: str, *args: Any, **kwargs: Any) -> None:
        new_file(self, field, name, *args, **kwargs)
        kept.append(self.file.temporary_file_path())

    monkeypatch.setattr(uploads.TakeOfficialFile, "new_file", note)
    registrar = seat(casework.member(Role.REGISTRAR))
    for client in (staff_client(), seat(casework.member()), seat(casework.member(Role.AUDITOR))):
        assert sent(client, path).status_code in (400, 403)
    for elsewhere in ("/register/add-publisher/", "/team/tie/", "/queue/bulk/", "/register/files/1/choose/"):
        file = SimpleUploadedFile("schools.csv", path.read_bytes())
        assert registrar.post(elsewhere, {"file": file, **PASS}).status_code in (400, 403, 404, 422)
    stale = seat(casework.member(Role.REGISTRAR))
    session = stale.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 11 * 60
    session.save()
    assert sent(stale, path).status_code in (400, 403)
    assert kept == [], "nobody else's file reached the disk"
    monkeypatch.setattr(uploads, "MOST", 100)
    assert "at most 16 MB" in sent(registrar, path).content.decode()
    monkeypatch.setattr(uploads, "MOST", 1024 * 1024)
    assert sent(registrar, path, name="schools.xlsx").status_code == 422
    assert "is a PDF" in sent(registrar, _pdf(tmp_path)).content.decode()
    assert sent(registrar, path, passphrase="not the right one").status_code == 403
    assert not OfficialFile.objects.exists()
    assert sent(registrar, path).status_code == 302
    assert kept and not any(Path(each).exists() for each in kept), "read and gone"
    drop = f"/register/files/{OfficialFile.objects.get().pk}/drop/"
    assert registrar.post(drop, PASS).status_code == 302
    assert registrar.post(drop, PASS).status_code == 409


def _pdf(folder: Path) -> Path:
    path = folder / "register.csv"
    path.write_bytes(b"%PDF-1.7 nothing of a register")
    return path


def test_queries_do_not_grow_with_rows(write: Callable[..., Path], imported: list[dict[str, str]]) -> None:
    registrar = casework.member(Role.REGISTRAR)
    client, counted = seat(registrar), []
    for row in imported[:3]:
        record_at(row["학교ID"])
    for rows in (1, 3):
        file = several(8)
        for number in range(rows):
            file[number] |= {
                "소재지도로명주소": "서울특별시 종로구 보기로 3",
                "학교명": f"보기새{number}초등학교",
            }
        answer = sent(client, write("schools", *file))
        with CaptureQueriesContext(connection) as found:
            page = client.get(answer["Location"]).content.decode()
        assert len(re.findall(r'<li id="d\d+"', page)) == rows
        counted.append(len(found))
        client.post(f"{answer['Location']}drop/", PASS)
    assert counted == [18, 18]
