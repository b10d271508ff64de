"""The standard file: what a good one does, and that a bad one does nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from geo.directory import standard
from geo.directory.models import Import, School

pytestmark = pytest.mark.usefixtures("regions")


def several(count: int) -> list[dict[str, str]]:
    return [
        {"학교ID": f"X9{number:08}", "학교명": f"보기{chr(0xAC00 + number * 30)}산초등학교"}
        for number in range(1, count + 1)
    ]


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig"])
def test_every_encoding_gives_the_same_directory(write, told, encoding):
    assert "1 added" in told("import_schools", write("schools", {}, encoding=encoding))
    school = School.objects.get()
    assert (school.pk, school.name, school.level, school.region_id) == (
        "X900000001", "보기금성초등학교", "elementary", "11680",
    )  # fmt: skip
    assert (school.point.x, school.point.y, school.located) == (127.05, 37.55, "register")
    assert (school.name_key, school.initials) == ("보기금성초", "ㅂㄱㄱㅅㅊ")
    assert school.register_date.isoformat() == "2026-03-20"


def test_columns_may_stand_in_another_order(write, told):
    told("import_schools", write("schools", {}, header=list(reversed(standard.HEADER))))
    assert School.objects.get().name == "보기금성초등학교"


def test_the_report_names_what_changed_and_versions_follow(write, told):
    told("import_schools", write("schools", *several(6)))
    changed = several(6)
    changed[0] |= {"학교명": "보기새이름초등학교"}
    changed[1] |= {"위도": "37.58"}
    changed[2] |= {"운영상태": "폐교"}
    changed[3] |= {"설립형태": "사립"}
    report = told("import_schools", write("schools", *changed[:5], {"학교ID": "X900000099"}))
    assert "renamed: line 2: X900000001" in report and "→ 보기새이름초등학교" in report
    assert "moved: line 3: X900000002" in report and "3336 m" in report
    assert "closed: line 4: X900000003" in report
    assert "left the register: X900000006" in report
    assert "added: line 7: X900000099" in report
    versions = dict(School.objects.values_list("pk", "version"))
    assert versions["X900000001"] == 2  # name
    assert versions["X900000003"] == 2  # status
    assert versions["X900000004"] == 1  # who runs it is not part of what is published
    assert versions["X900000005"] == 1
    assert versions["X900000006"] == 2  # left


def test_a_school_that_left_keeps_its_row_and_returns(write, told):
    told("import_schools", write("schools", *several(3)))
    told("import_schools", write("schools", *several(2)))
    assert School.objects.get(pk="X900000003").left_register_on is not None
    assert "returned: line 4: X900000003" in told("import_schools", write("schools", *several(3)))
    school = School.objects.get(pk="X900000003")
    assert (school.left_register_on, school.version) == (None, 3)


def test_the_same_file_again_writes_nothing(write, told):
    path = write("schools", *several(3))
    told("import_schools", path)
    before = list(School.objects.order_by("pk").values())
    assert told("import_schools", path).strip() == "no change"
    assert list(School.objects.order_by("pk").values()) == before


def test_contacts_told_by_another_register_survive(write, told):
    told("import_schools", write("schools", {}))
    told("import_contacts", write("contacts", {}))
    told("import_schools", write("schools", {"학교명": "보기새금성초등학교"}))
    school = School.objects.get()
    assert (school.phone, school.name_en) == ("070-0000-0001", "Bogi Geumseong Elementary School")
    assert "=geu" in school.grams and "새금" in school.grams and "기금" not in school.grams


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"위도": "127.05", "경도": "37.55"}, "latitude and longitude are swapped (127.05, 37.55)"),
        ({"위도": "0", "경도": "0"}, "the point is 0, 0"),
        ({"위도": "51.5", "경도": "-0.1"}, "lies outside Korea"),
        ({"위도": "nan", "경도": "127"}, "lies outside Korea"),
        ({"위도": "서른", "경도": "127"}, "is not two numbers"),
        ({"위도": "37.5", "경도": ""}, "is not two numbers"),
        ({"학교ID": ""}, "the id is missing"),
        ({"학교ID": "x9; drop"}, "is not capital letters and digits"),
        ({"학교명": "  "}, "the name is missing"),
        ({"학교명": "보" * 81}, "has 81 characters"),
        ({"학교급구분": "대학원"}, "the level “대학원” is not known"),
        ({"운영상태": "?"}, "the status “?” is not known"),
        ({"설립일자": "1980-02-31"}, "the founding date “1980-02-31” is not a date"),
        ({"설립일자": "0001-01-01"}, "is not a date of a school"),
        ({"데이터기준일자": ""}, "the file's date is missing"),
        ({"소재지도로명주소": "아무도 강남구 1", "소재지지번주소": ""}, "for the address “아무도 강남구 1”"),
        ({"소재지도로명주소": "", "소재지지번주소": ""}, "no region is known"),
        ({"학교명": "보기\x00초등학교"}, "a control character"),
        ({"학교명": "보기\x1b[2J초등학교"}, "a control character"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_left_out_with_its_line_and_reason(write, told, row, reason):
    report = told("import_schools", write("schools", {"학교ID": "X900000002"}, row))
    assert "refused: line 3:" in report and reason in report
    assert School.objects.values_list("pk", flat=True).get() == "X900000002"


def test_a_row_too_short_or_too_long_is_refused(write, told):
    path = write("schools", {"학교ID": "X900000002"})
    path.write_bytes(path.read_bytes() + b"X900000003,too,few\r\n" + b"," * 40 + b"\r\n")
    report = told("import_schools", path)
    assert "line 3: X900000003: 3 fields where the header has 20" in report
    assert "line 4: " in report and "41 fields where the header has 20" in report
    assert School.objects.count() == 1


def test_ids_that_are_there_twice_are_all_refused_with_both_lines(write, told):
    report = told(
        "import_schools", write("schools", {}, {"학교ID": "X900000002"}, {"학교명": "보기다른초등학교"})
    )
    assert "line 2: X900000001: the id X900000001 is on lines 2, 4 for different schools" in report
    assert "line 4: X900000001: the id X900000001 is on lines 2, 4" in report
    assert School.objects.values_list("pk", flat=True).get() == "X900000002"


def test_a_refused_row_does_not_make_its_school_leave(write, told):
    told("import_schools", write("schools", {}))
    report = told("import_schools", write("schools", {"위도": "0", "경도": "0"}))
    assert "left" not in report
    assert School.objects.get().left_register_on is None


def test_a_school_without_a_point_is_kept_and_says_so(write, told):
    told("import_schools", write("schools", {"위도": "", "경도": ""}))
    assert (School.objects.get().point, School.objects.get().located) == (None, "unknown")


def test_closed_in_name_is_closed(write, told):
    report = told("import_schools", write("schools", {"학교명": "보기금성초등학교(폐교)"}))
    assert "doubtful: line 2" in report
    assert School.objects.get().status == School.Status.CLOSED


@pytest.mark.parametrize(
    ("road", "point", "region"),
    [
        ("서울 강남구 보기로 1", ("37.55", "127.05"), "11680"),
        ("강원도 춘천시 보기로 1", ("37.85", "127.75"), "51110"),
        ("세종특별자치시 보기로 1", ("36.55", "127.35"), "36110"),
        ("경기도 화성시 동탄구 보기로 1", ("37.15", "126.85"), "41590"),
        ("전남광주통합특별시 목포시 보기로 1", ("34.75", "126.35"), "46110"),
        ("전남광주통합특별시 동구 보기로 1", ("35.15", "126.95"), "29110"),
        ("인천광역시 제물포구 보기로 1", ("37.45", "126.45"), "28110"),
        ("인천광역시 제물포구 보기로 1", ("37.45", "126.65"), "28140"),
        ("인천광역시 영종구 보기로 1", ("37.45", "126.45"), "28110"),
        ("경기도 부천시 보기로 1", ("37.45", "126.75"), "41194"),
    ],
)
def test_old_and_new_names_of_regions_resolve(write, told, road, point, region):
    row = {"소재지도로명주소": road, "소재지지번주소": "", "위도": point[0], "경도": point[1]}
    told("import_schools", write("schools", row))
    assert School.objects.get().region_id == region


def broken(kind: str, path: Path) -> None:
    """Make one of the files that are no register."""
    whole = path.read_bytes()
    header, rest = whole.split(b"\r\n", 1)
    contents = {
        "empty": b"",
        "excel": b"PK\x03\x04" + bytes(200),
        "utf-16": whole.decode("cp949").encode("utf-16"),
        "html": "<!doctype html><title>로그인</title>".encode(),
        "binary": b"\x89\xff\x00\x81" * 500,
        "column": header.replace("위도".encode("cp949"), "위토".encode("cp949")) + b"\r\n" + rest,
        "more": header + ",새로운".encode("cp949") + b"\r\n" + rest,
        "encoding": whole + "X900000003,보기초등학교".encode() + b"\r\n",
        "quote": whole + b'X900000003,"' + rest * 3,
        "field": whole + b'X900000003,"' + b"a" * 10_000_000 + b'"' + b"," * 18 + b"\r\n",
        "lines": whole + b'X900000003,"' + b"a\r\n" * 3_000_000,
        "bare": whole + b"X900000003," + b"a" * 10_000_000 + b"\r\n",
    }
    path.write_bytes(contents[kind])


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("empty", "is empty"),
        ("excel", "Excel workbook or an archive"),
        ("utf-16", "UTF-16"),
        ("html", "the column 학교ID is missing"),
        ("binary", "not text in UTF-8 or CP949"),
        ("column", "the column 위도 is missing"),
        ("more", "unknown column “새로운”"),
        ("encoding", "line 3 is not CP949"),
        ("quote", "quotation mark"),
        ("field", "line 3 is longer than 1024 KiB"),
        ("lines", "a field that starts on line 3 is longer"),
        ("bare", "line 3 is longer than 1024 KiB"),
    ],
)
def test_a_broken_file_is_one_sentence_and_no_change(write, told, kind, sentence):
    told("import_schools", write("schools", {"학교ID": "X900000077"}))
    before = list(School.objects.values())
    path = write("schools", {"학교ID": "X900000077", "학교명": "보기바뀐초등학교"})
    broken(kind, path)
    with pytest.raises(CommandError) as fault:
        told("import_schools", path)
    assert fault.value.returncode == 2
    assert sentence in str(fault.value) and "\n" not in str(fault.value)
    assert list(School.objects.values()) == before
    assert Import.objects.filter(kind="schools").count() == 1


@pytest.mark.parametrize("name", ["nowhere.csv", ""])
def test_a_missing_file_or_a_folder_is_one_sentence(told, tmp_path, name):
    with pytest.raises(CommandError) as fault:
        told("import_schools", tmp_path / name)
    assert fault.value.returncode == 2 and "cannot be read" in str(fault.value)


def test_a_rehearsal_tells_the_same_and_changes_nothing(write, told):
    path = write("schools", {}, {"학교ID": ""})
    rehearsed = told("import_schools", path, dry_run=True)
    assert not School.objects.exists() and not Import.objects.filter(kind="schools").exists()
    assert rehearsed.replace("a rehearsal: nothing was changed\n", "") == told("import_schools", path)
    assert School.objects.count() == 1


def test_strict_aborts_on_a_refused_row(write, told):
    with pytest.raises(CommandError, match="1 rows were refused") as fault:
        told("import_schools", write("schools", {}, {"학교ID": ""}), strict=True)
    assert fault.value.returncode == 2
    assert not School.objects.exists()


def test_part_of_a_file_does_not_empty_the_directory(write, told):
    told("import_schools", write("schools", *several(60)))
    part = write("schools", *several(40))
    with pytest.raises(CommandError, match="20 of 60 schools would leave"):
        told("import_schools", part)
    assert School.objects.filter(left_register_on=None).count() == 60
    told("import_schools", part, accept_departures=True)
    assert School.objects.filter(left_register_on=None).count() == 40
    assert School.objects.count() == 60


def test_without_regions_the_sentence_says_what_to_run(write, told):
    from geo.directory.models import Region, RegionName

    RegionName.objects.all().delete()
    Region.objects.filter(level="district").delete()
    with pytest.raises(CommandError, match="run import_regions"):
        told("import_schools", write("schools", {}))


def test_the_shell_sees_exit_code_two_and_one_line(committed_db, tmp_path):
    path = tmp_path / "nothing.csv"
    path.write_bytes(b"")
    run = subprocess.run(
        [sys.executable, "manage.py", "import_schools", str(path)],
        cwd=settings.ROOT,
        env=os.environ | {"MAPSITE_DB_NAME": committed_db},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert len(run.stderr.strip().splitlines()) == 1 and "nothing was changed" in run.stderr
