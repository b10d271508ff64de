"""An official file at the desk: what it would change, what is chosen, and that nothing else is taken over."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from geo.directory import standard
from geo.directory.contacts import import_contacts
from geo.directory.faults import FileFault
from geo.directory.files import Pulse
from geo.directory.importing import Options
from geo.directory.models import Import, School
from geo.directory.standard import import_schools
from geo.record.models import ImpactRecord
from geo.record.refusals import call
from moderation.audit.models import AuditEvent
from moderation.register import actions, querysets
from moderation.register.models import Difference, FileRows, OfficialFile
from moderation.register.vocabulary import Choice
from moderation.review.models import Member
from moderation.review.vocabulary import Role
from tests import casework, correctionwork
from tests.integration.directory.test_import_schools import several

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("regions")]
PASS = {"passphrase": casework.PASSPHRASE}
Write = Callable[..., Path]


@pytest.fixture
def registrar() -> Member:
    return casework.member(Role.REGISTRAR)


def changed(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Every kind of difference once: renamed, moved, other district, closed, otherwise, unreadable, added; 8 leaves."""
    made = [dict(row) for row in rows[:7]]
    made[0] |= {"학교명": "보기새이름초등학교"}
    made[1] |= {"위도": "37.58"}
    made[2] |= {"소재지도로명주소": "서울특별시 종로구 보기로 3", "위도": "37.65", "경도": "126.95"}
    made[3] |= {"운영상태": "폐교"}
    made[4] |= {"설립형태": "사립"}
    made[5] |= {"위도": "0", "경도": "0"}
    return [*made, {"학교ID": "X900000099", "학교명": "보기온초등학교"}]


def opened(write: Write, rows: list[dict[str, str]], by: Member) -> int:
    return actions.open_file(kind="schools", path=write("schools", *rows), by=by, **PASS)


def choose(file: int, choice: Choice | None, by: Member, *schools: str) -> int:
    found = Difference.objects.filter(file=file)
    chosen = found.filter(school__in=schools) if schools else querysets.readable(file)
    return actions.choose(
        file=file, differences=list(chosen.values_list("pk", flat=True)), choice=choice, by=by
    )


def apply(file: int, by: Member, **other: Any) -> bool:
    return actions.apply_file(**{"file": file, "shown": querysets.shown(file), "by": by, **PASS, **other})


def by_two(file: int, first: Member) -> bool:
    assert not apply(file, first), "the first of two"
    return apply(file, casework.member())


def everything() -> list[dict[str, Any]]:
    return list(School.objects.order_by("pk").values())


def record_at(pk: str) -> Any:
    return casework.published(at=School.objects.get(pk=pk))


def test_what_a_file_would_change(write: Write, imported: list[dict[str, str]], registrar: Member) -> None:
    before = everything()
    file = opened(write, changed(imported), registrar)
    told = {row.school: (set(row.kinds), row.line) for row in Difference.objects.filter(file=file)}
    assert told == {
        "X900000001": ({"renamed"}, 2),
        "X900000002": ({"moved"}, 3),
        "X900000003": ({"moved", "district"}, 4),
        "X900000004": ({"closed"}, 5),
        "X900000005": ({"details"}, 6),
        "X900000006": ({"refused"}, 7),
        "X900000099": ({"added"}, 9),
        "X900000008": ({"left"}, None),
    }
    renamed = Difference.objects.get(school="X900000001")
    assert renamed.changes["name"] == [imported[0]["학교명"], "보기새이름초등학교"]
    assert set(renamed.changes) == {"name", "name_key", "initials", "grams"}, "whatever is written is told"
    assert Difference.objects.get(school="X900000002").changes == {
        "point": [[127.05, 37.55], [127.05, 37.58]]
    }
    assert Difference.objects.get(school="X900000008").changes == {"left_register_on": [None, "2026-03-20"]}
    assert Difference.objects.get(school="X900000002").metres == 3336
    assert Difference.objects.get(school="X900000003").changes["region_id"] == ["11680", "11110"]
    assert Difference.objects.get(school="X900000006").note == "the point is 0, 0"
    assert querysets.counts(file)["moved"] == (2, 2) and querysets.counts(file)["refused"] == (1, 0)
    assert everything() == before, "nothing is taken over by reading"


def test_only_what_was_accepted_is_taken_over(
    write: Write, imported: list[dict[str, str]], registrar: Member
) -> None:
    before = {row["id"]: row for row in everything()}
    file = opened(write, changed(imported), registrar)
    with casework.refused("file_undecided"):
        apply(file, registrar)
    choose(file, Choice.REFUSE, registrar)
    choose(file, Choice.ACCEPT, registrar, "X900000001", "X900000099")
    assert by_two(file, registrar), "though no school here has a record or a case"
    after = {row["id"]: row for row in everything()}
    assert set(after) - set(before) == {"X900000099"}
    assert after["X900000001"]["name"] == "보기새이름초등학교"
    assert after["X900000001"]["version"] == before["X900000001"]["version"] + 1
    for kept in ("X900000002", "X900000003", "X900000004", "X900000005", "X900000006", "X900000008"):
        assert after[kept] == before[kept], kept
    assert not FileRows.objects.exists()
    assert Import.objects.latest("pk").kind == "schools"
    assert Import.objects.latest("pk").counts == {"renamed": 1, "added": 1}
    with casework.refused("file_over"):
        apply(file, registrar)
    with casework.refused("file_over"):
        choose(file, Choice.ACCEPT, registrar, "X900000004")


def test_accepting_everything_is_what_the_command_does(
    write: Write, imported: list[dict[str, str]], registrar: Member
) -> None:
    rows = changed(imported)
    file = opened(write, rows, registrar)
    choose(file, Choice.ACCEPT, registrar)
    assert by_two(file, registrar)
    at_the_desk = everything()
    School.objects.all().delete()
    import_schools(write("schools", *imported), Options())
    School.objects.update(pupils=500)
    import_schools(write("schools", *rows), Options())
    assert at_the_desk == everything()


def test_every_file_takes_two(write: Write, imported: list[dict[str, str]], registrar: Member) -> None:
    record, second = record_at("X900000004"), casework.member()
    casework.case(School.objects.get(pk="X900000001"))
    file = opened(write, changed(imported), registrar)
    assert querysets.touched(file, by=second) == {"X900000004": (1, 0, 0), "X900000001": (0, 1, 0)}
    assert querysets.touched(file, by=registrar) == {}, "a registrar learns of no record or case"
    kinds = ("renamed", "closed", "moved", "added", "left", "details")
    assert [actions.choose_all(file=file, kind=k, choice=Choice.ACCEPT, by=registrar) for k in kinds] == [
        *(1, 1, 2, 1, 1, 1)
    ], "what is known of a school does not show in what is chosen"
    choose(file, Choice.REFUSE, registrar, "X900000001")
    with casework.refused("wrong_role"):
        apply(file, second)
    assert not apply(file, registrar)
    assert School.objects.get(pk="X900000004").status == "operating"
    with casework.refused("own_request"):
        apply(file, registrar)
    with casework.refused("other_content"):
        apply(file, second, shown=bytes(32))
    choose(file, None, registrar, "X900000001")
    choose(file, Choice.ACCEPT, registrar, "X900000001")
    with casework.refused("wrong_role"):
        apply(file, second)  # the first one saw other choices: it has to be asked for again
    choose(file, Choice.REFUSE, registrar, "X900000001")
    assert apply(file, second), "exactly what the first one saw"
    school = School.objects.get(pk="X900000004")
    assert (school.status, school.version) == ("closed", 2)
    stays = ImpactRecord.objects.get(pk=record)
    assert (stays.school_id, stays.status, stays.version) == (school.pk, "confirmed", 1), "nothing is moved"
    assert list(AuditEvent.objects.filter(proven=True, subject="file").values_list("action", "member")) == [
        ("register_file_applied", second.pk),
        ("register_file_asked", registrar.pk),
        ("register_file_opened", registrar.pk),
    ]


def test_a_small_schools_record_counts_as_well(
    write: Write, imported: list[dict[str, str]], registrar: Member
) -> None:
    School.objects.update(pupils=20)
    record = record_at("X900000004")
    assert ImpactRecord.objects.get(pk=record).school_id is None
    file = opened(write, changed(imported), registrar)
    decider = casework.member()
    assert querysets.touched(file, by=decider) == {"X900000004": (1, 0, 0)}
    casework.declare_tie(by=decider, kind="worked", school="X900000004")
    assert querysets.touched(file, by=decider) == {}


def test_ties_and_pairs(write: Write, imported: list[dict[str, str]]) -> None:
    seniors = casework.member(Role.SENIOR), casework.member(Role.SENIOR)
    invited, tied = casework.member(inviters=seniors), casework.member()
    casework.declare_tie(by=tied, kind="worked", school="X900000004")
    file = opened(write, changed(imported), tied_senior := casework.member(Role.SENIOR))
    casework.declare_tie(by=tied_senior, kind="worked", school="X900000001")
    assert actions.choose_all(file=file, kind="renamed", choice=Choice.ACCEPT, by=tied_senior) == 0
    choose(file, Choice.ACCEPT, seniors[0])
    with casework.refused("file_tie"):  # nothing is known of the school: a refusal tells nothing
        apply(file, tied_senior)
    assert not apply(file, seniors[0])
    with casework.refused("invitation_pair"):
        apply(file, invited)
    with casework.refused("file_tie"):
        apply(file, tied)
    casework.declare_tie(by=seniors[0], kind="family", school="X900000004")
    with casework.refused("file_tie"):  # a late tie voids the first one's word too
        apply(file, casework.member())
    assert School.objects.get(pk="X900000004").status == "operating"


def test_the_directory_must_be_what_it_was(
    write: Write, imported: list[dict[str, str]], registrar: Member
) -> None:
    file = opened(write, changed(imported), registrar)
    with casework.refused("file_open"):
        opened(write, imported, registrar)
    choose(file, Choice.ACCEPT, registrar)
    Import.objects.create(kind="schools", finished_at=timezone.now())
    with casework.refused("directory_changed"):
        apply(file, registrar)
    actions.drop_file(file=file, by=registrar, **PASS)
    assert not FileRows.objects.exists()
    assert School.objects.get(pk="X900000001").name == imported[0]["학교명"]
    assert opened(write, imported, registrar)


def test_what_is_refused_at_the_door(
    write: Write, imported: list[dict[str, str]], registrar: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_schools(write("schools", *several(60)), Options())
    with casework.refused("file_part"):
        opened(write, several(10), registrar)
    with casework.refused("wrong_role"):
        opened(write, imported, casework.member())
    with casework.refused("wrong_passphrase"):
        actions.open_file(
            kind="schools",
            path=write("schools", *several(60)),
            by=registrar,
            passphrase="not the right one at all",
        )
    nothing = Path(write("schools", *several(60)).parent / "nothing.csv")
    with casework.refused("wrong_passphrase"):  # before the file is even opened
        actions.open_file(kind="schools", path=nothing, by=registrar, passphrase="not the right one at all")
    broken = write("schools", *several(60))
    with broken.open("a", encoding="utf-8") as file:
        file.write("x\n" * 20_000)
    with pytest.raises(FileFault, match="1,000 rows cannot be read"):
        actions.open_file(kind="schools", path=broken, by=registrar, **PASS)
    monkeypatch.setattr(actions, "MOST_ROWS", 59)
    with pytest.raises(FileFault, match="more than 59 rows"):
        opened(write, several(60), registrar)
    monkeypatch.undo()
    with pytest.raises(FileFault, match="the column"):
        actions.open_file(kind="universities", path=write("schools", *several(60)), by=registrar, **PASS)
    assert not OfficialFile.objects.exists()


def test_contacts_of_known_schools_alone(
    write: Write, imported: list[dict[str, str]], registrar: Member
) -> None:
    """A call to the register's number proves a school: no one person changes it."""
    code = {"행정표준코드": "X900001", "학교명": imported[0]["학교명"]}
    other = {"행정표준코드": "X900002", "학교명": imported[1]["학교명"], "전화번호": "070-0000-0002"}
    import_contacts(write("contacts", code, other), Options())
    before = {row["id"]: row for row in everything()}
    correctionwork.asked(School.objects.get(pk="X900000001"), None)
    rows = [
        {**code, "전화번호": "070-9999-9999", "영문학교명": "Bogi New Name School"},
        {**other, "홈페이지주소": "http://other.example"},
        {**other, "행정표준코드": "X900003", "학교명": "보기없는초등학교"},
        {**other, "행정표준코드": "X900001"},
    ]
    file = actions.open_file(kind="contacts", path=write("contacts", *rows[:3]), by=registrar, **PASS)
    told = {row.school: (row.kinds, set(row.changes)) for row in Difference.objects.filter(file=file)}
    assert told == {
        "X900000001": (["contact"], {"phone", "name_en", "name_en_key", "grams"}),
        "X900000002": (["contact"], {"homepage"}),
        "X900003": (["refused"], set()),
    }
    assert querysets.touched(file, by=casework.member()) == {"X900000001": (0, 0, 1)}
    assert actions.choose_all(file=file, kind="contact", choice=Choice.ACCEPT, by=registrar) == 2
    choose(file, Choice.REFUSE, registrar, "X900000001")
    assert not apply(file, registrar)
    assert everything() == list(before.values()), "one person alone prepares no proof of a school"
    assert apply(file, casework.member())
    after = {row["id"]: row for row in everything()}
    assert after["X900000001"] == before["X900000001"]
    assert after["X900000002"] == {**before["X900000002"], "homepage": "http://other.example"}
    assert Import.objects.latest("pk").kind == "contacts"
    file = actions.open_file(kind="contacts", path=write("contacts", *rows[:2]), by=registrar, **PASS)
    choose(file, Choice.ACCEPT, registrar)
    assert not apply(file, registrar)
    assert apply(file, casework.member())
    school = School.objects.get(pk="X900000001")
    assert (school.phone, school.name_en, school.version) == ("070-9999-9999", "Bogi New Name School", 1)
    assert "=new" in school.grams
    with_another_name = write("contacts", rows[3])
    file = actions.open_file(kind="contacts", path=with_another_name, by=registrar, **PASS)
    assert [row.kinds for row in Difference.objects.filter(file=file)] == [["refused"]], "never guessed"


def test_one_registrar_does_not_make_the_crowd_of_a_small_school_larger(
    write: Write, imported: list[dict[str, str]], registrar: Member
) -> None:
    """At least five schools could be meant (SAFEGUARDS C2): invented ones would be the crowd behind a record."""
    small = {"소재지도로명주소": "서울특별시 종로구 보기로 3", "위도": "37.65", "경도": "126.95"}
    invented = [{"학교ID": f"X99000000{n}", "학교명": f"보기지은{n}초등학교", **small} for n in range(5)]
    file = opened(write, [*imported, *invented], registrar)
    assert actions.choose_all(file=file, kind="added", choice=Choice.ACCEPT, by=registrar) == 5
    assert not apply(file, registrar)
    with casework.refused("own_request"):
        apply(file, registrar)
    assert not School.objects.filter(region="11110").exists()
    assert apply(file, casework.member(Role.REGISTRAR))
    assert School.objects.filter(region="11110").count() == 5


def test_nothing_is_written_that_was_not_shown(
    write: Write, imported: list[dict[str, str]], registrar: Member
) -> None:
    """Rows as a doctored process would hand them in, in columns that no page of the importer shows."""
    School.objects.filter(pk="X900000003").update(point=None, located="unknown")
    School.objects.filter(pk="X900000005").update(register="university")
    before = {row["id"]: row for row in everything()}
    with standard.read(write("schools", *imported), Pulse()) as staged:
        rows = [row._asdict() for row in staged]
    rows[0] |= {"name_key": "남의이름초", "grams": ["남의"]}
    rows[1] |= {"initials": "ㄴㅇ"}
    rows[2] |= {"doubt": "a doubt"}
    rows[3] |= {"doubt": "a doubt", "register_date": "2026-06-01", "grams": ["남의"]}
    rows[6] |= {"phone": "070-6666-6666", "name_en": "Another", "name_en_key": "hidden", "grams": ["=hid"]}
    file = call(
        "register_open_file", registrar.pk, *PASS.values(), "schools", "0" * 64, json.dumps(rows, default=str)
    )
    told = {row.school: (row.kinds, set(row.changes)) for row in Difference.objects.filter(file=file)}
    assert told == {
        "X900000001": (["details"], {"name_key", "grams"}),
        "X900000002": (["details"], {"initials"}),
        "X900000003": (["details", "doubtful"], {"point", "located"}),
        "X900000005": (["refused"], set()),
        "X900000007": (["details"], {"phone", "name_en", "name_en_key", "grams"}),
    }, "a row that says nothing but a doubt is no difference"
    choose(file, Choice.REFUSE, registrar)
    choose(file, Choice.ACCEPT, registrar, "X900000003")
    assert by_two(file, registrar)
    after = {row["id"]: row for row in everything()}
    assert {pk for pk in after if after[pk] != before[pk]} == {"X900000003"}
    assert after["X900000003"]["located"] == "register"
