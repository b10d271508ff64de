"""Registers with other ids: who is matched, who is told to be unclear, who becomes a school."""

import pytest
from django.core.management.base import CommandError

from geo.directory.models import School, SchoolIdentifier

pytestmark = pytest.mark.usefixtures("regions")
IN_JONGNO = {
    "학교ID": "X900000002",
    "소재지도로명주소": "서울특별시 종로구 보기로 2",
    "위도": "37.65",
    "경도": "126.95",
}
BRANCH = {
    "학교ID": "X900000003",
    "학교명": "보기금성초등학교보기분교장",
    "본교분교구분": "분교",
    "소재지도로명주소": "서울특별시 강남구 보기로 3",
}


@pytest.fixture
def namesakes(write, told):
    told("import_schools", write("schools", {}, IN_JONGNO, BRANCH))


def test_namesakes_are_told_apart_by_district_and_branch(namesakes, write, told):
    told(
        "import_contacts",
        write(
            "contacts",
            {},
            {"행정표준코드": "X900002", "도로명주소": "서울 종로구 보기로 2", "전화번호": "070-0000-0002"},
            {"행정표준코드": "X900003", "학교명": "보기금성초등학교보기분교장", "전화번호": "070-0000-0003"},
        ),
    )
    phones = dict(School.objects.values_list("pk", "phone"))
    assert phones == {
        "X900000001": "070-0000-0001", "X900000002": "070-0000-0002", "X900000003": "070-0000-0003",
    }  # fmt: skip
    assert dict(SchoolIdentifier.objects.filter(system="neis").values_list("value", "school_id")) == {
        "X900001": "X900000001", "X900002": "X900000002", "X900003": "X900000003",
    }  # fmt: skip


def test_a_tie_is_reported_and_never_guessed(write, told):
    twin = {"학교ID": "X900000002", "소재지도로명주소": "서울특별시 강남구 보기로 9"}
    told("import_schools", write("schools", {}, twin))
    report = told("import_enrolment", write("enrolment", {}))
    assert "ambiguous: line 2: X9S0000001 보기금성초등학교: could be X900000001, X900000002" in report
    assert set(School.objects.values_list("pupils", flat=True)) == {None}
    assert not SchoolIdentifier.objects.exists()


def test_the_address_settles_a_tie(write, told):
    twin = {"학교ID": "X900000002", "소재지도로명주소": "서울특별시 강남구 보기로 9"}
    told("import_schools", write("schools", {}, twin))
    told("import_contacts", write("contacts", {}))
    assert School.objects.get(phone="070-0000-0001").pk == "X900000001"


def test_another_district_or_level_is_no_match(write, told):
    told("import_schools", write("schools", {}))
    report = told(
        "import_enrolment",
        write(
            "enrolment",
            {"지역": "서울특별시 종로구"},
            {"정보공시 학교코드": "X9S0000002", "학교급코드": "3"},
            {"정보공시 학교코드": "X9S0000003", "학교명": "보기은성초등학교"},
        ),
    )
    assert "3 unmatched" in report and School.objects.get().pupils is None


def test_two_rows_for_one_school_are_both_left_open(write, told):
    told("import_schools", write("schools", {}))
    report = told(
        "import_enrolment", write("enrolment", {}, {"정보공시 학교코드": "X9S0000002", "학생수(계)": "9"})
    )
    assert "2 ambiguous" in report and School.objects.get().pupils is None


def test_pupils_move_the_version_only_across_the_size_class(write, told):
    told("import_schools", write("schools", {}))
    for pupils, version in (("320", 2), ("900", 2), ("99", 3), ("40", 3), ("100", 4)):
        told("import_enrolment", write("enrolment", {"학생수(계)": pupils}))
        school = School.objects.get()
        assert (school.pupils, school.version) == (int(pupils), version)


def test_an_excluded_school_has_an_unknown_number(write, told):
    told("import_schools", write("schools", {}))
    told("import_enrolment", write("enrolment", {}))
    told("import_enrolment", write("enrolment", {"제외여부": "Y", "학생수(계)": ""}))
    assert School.objects.get().pupils is None


@pytest.mark.parametrize("pupils", ["", "-3", "많음", "3.5", "99999", "²"])
def test_a_number_of_pupils_that_is_none_is_refused(write, told, pupils):
    told("import_schools", write("schools", {}))
    assert "is no number of pupils" in told("import_enrolment", write("enrolment", {"학생수(계)": pupils}))


def test_a_special_school_becomes_a_school_of_its_own(write, told):
    row = {"학교명": "보기한빛학교", "학교종류명": "특수학교", "행정표준코드": "X900700"}
    path = write("contacts", row)
    assert "added: line 2: X900700N 보기한빛학교" in told("import_contacts", path)
    school = School.objects.get()
    assert (school.register, school.level, school.located, school.region_id) == (
        "neis",
        "special",
        "unknown",
        "11680",
    )
    assert school.identifiers.get().value == "X900700"
    assert "added" not in told("import_contacts", path)
    told("import_contacts", write("contacts", row | {"행정표준코드": "X900701", "학교명": "보기새학교"}))
    assert School.objects.get(pk="X900700N").left_register_on is not None


def test_a_neighbourhood_settles_a_city_whose_districts_the_address_leaves_out(write, told):
    told(
        "import_schools",
        write(
            "schools",
            {
                "소재지도로명주소": "경기도 부천시 소사구 보기로 1",
                "소재지지번주소": "경기도 부천시 소사구 보기동 1",
                "위도": "37.45",
                "경도": "126.75",
            },
        ),
    )
    row = {
        "학교명": "보기한빛학교",
        "학교종류명": "특수학교",
        "시도명": "경기도",
        "도로명주소": "경기도 부천시 보기로 7",
    }
    told("import_contacts", write("contacts", row | {"도로명상세주소": "(보기동, 보기한빛학교)"}))
    assert School.objects.get(register="neis").region_id == "41194"
    told("import_contacts", write("contacts", row | {"도로명상세주소": "(다른동)"}))
    assert School.objects.get(register="neis").region_id == "41"


@pytest.mark.parametrize(
    ("row", "kind", "reason"),
    [
        ({"학교종류명": "재외한국학교(초)", "도로명주소": "1 Example Road"}, "skipped", "a school abroad"),
        ({"학교종류명": "공동실습소"}, "skipped", "a workshop"),
        ({"행정표준코드": "       "}, "skipped", "no official code yet"),
        ({"행정표준코드": "12"}, "refused", "the code “12”"),
        ({"학교종류명": "특수학교", "도로명주소": ""}, "refused", "the address is missing"),
        ({"학교종류명": "노래교실"}, "refused", "the kind “노래교실” is not known"),
        ({"시도명": "아무도", "도로명주소": "어딘가 1"}, "refused", "no region is known"),
        ({"수정일자": "어제"}, "refused", "is not a date"),
    ],
)
def test_what_is_no_school_here_is_told_with_its_reason(write, told, row, kind, reason):
    report = told("import_contacts", write("contacts", row))
    assert f"{kind}: line 2" in report and reason in report
    assert not School.objects.exists()


def test_a_code_that_is_there_twice_is_refused(write, told):
    told("import_schools", write("schools", {}))
    report = told(
        "import_contacts", write("contacts", {}, {"학교명": "보기다른학교", "학교종류명": "특수학교"})
    )
    assert report.count("the id X900001 is on lines 2, 3") == 2
    assert School.objects.get().phone == ""


def test_active_campuses_become_schools_and_the_rest_is_counted(write, told):
    report = told(
        "import_universities",
        write(
            "universities",
            {},
            {"학교코드": "X9002", "본분교": "제2캠퍼스", "위도": "37.66"},
            {"학교코드": "X9003", "학교구분": "대학원"},
            {"학교코드": "X9004", "학교상태": "폐교"},
            {"학교코드": "X9005", "위도": "0", "경도": "0"},
        ),
    )
    assert "2 graduate schools and closed campuses" in report and "the point is 0, 0" in report
    assert dict(School.objects.values_list("pk", "name")) == {
        "X9001U": "보기대학교",
        "X9002U": "보기대학교 제2캠퍼스",
    }
    school = School.objects.get(pk="X9001U")
    assert (school.level, school.homepage, school.phone) == (
        "university",
        "http://www.bogi.example",
        "070-0000-9001",
    )


@pytest.mark.parametrize("kind", ["contacts", "enrolment", "universities"])
def test_another_register_is_refused_in_one_sentence(write, told, kind):
    with pytest.raises(CommandError, match="is not the file of") as fault:
        told(f"import_{kind}", write("schools", {}))
    assert fault.value.returncode == 2


@pytest.mark.parametrize("kind", ["contacts", "enrolment"])
def test_a_rehearsal_changes_nothing(namesakes, write, told, kind):
    before = list(School.objects.order_by("pk").values())
    told(f"import_{kind}", write(kind, {}), dry_run=True)
    assert list(School.objects.order_by("pk").values()) == before
    assert not SchoolIdentifier.objects.exists()
