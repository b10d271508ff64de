"""Official files in small: two provinces of square districts, and registers of a few invented schools."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from geo.directory import contacts, enrolment, standard, universities
from geo.directory.models import Region
from geo.directory.regions import DEFAULT_VALID_FROM, import_regions

# code, name, province, west and south corner in degrees; each a square of 0.1 degrees
DISTRICTS = (
    ("11680", "강남구", "11", 127.0, 37.5),
    ("11110", "종로구", "11", 126.9, 37.6),
    ("36110", "세종시", "36", 127.3, 36.5),
    ("28110", "중구", "28", 126.4, 37.4),
    ("28140", "동구", "28", 126.6, 37.4),
    ("41590", "화성시", "41", 126.8, 37.1),
    ("41192", "부천시 원미구", "41", 126.7, 37.5),
    ("41194", "부천시 소사구", "41", 126.7, 37.4),
    ("46110", "목포시", "46", 126.3, 34.7),
    ("29110", "동구", "29", 126.9, 35.1),
    ("51110", "춘천시", "51", 127.7, 37.8),
)
PROVINCES = (
    ("11", "서울특별시"),
    ("28", "인천광역시"),
    ("29", "광주광역시"),
    ("36", "세종특별자치시"),
    ("41", "경기도"),
    ("46", "전라남도"),
    ("51", "강원특별자치도"),
)
SCHOOL = {
    "학교ID": "X900000001",
    "학교명": "보기금성초등학교",
    "학교급구분": "초등학교",
    "설립일자": "1980-03-01",
    "설립형태": "공립",
    "본교분교구분": "본교",
    "운영상태": "운영",
    "소재지지번주소": "서울특별시 강남구 보기동 1",
    "소재지도로명주소": "서울특별시 강남구 보기로 1",
    "시도교육청명": "보기교육청",
    "교육지원청명": "보기교육지원청",
    "위도": "37.55",
    "경도": "127.05",
    "데이터기준일자": "2026-03-20",
}
CONTACT = {
    "행정표준코드": "X900001",
    "학교명": "보기금성초등학교",
    "영문학교명": "Bogi Geumseong Elementary School",
    "학교종류명": "초등학교",
    "시도명": "서울특별시",
    "시도교육청명": "보기교육청",
    "관할조직명": "보기교육지원청",
    "설립명": "공립",
    "도로명주소": "서울특별시 강남구 보기로 1",
    "도로명상세주소": "(보기동)",
    "전화번호": "070-0000-0001",
    "팩스번호": "070-0001-0001",
    "홈페이지주소": "http://s1.example",
    "설립일자": "19800301",
    "수정일자": "20260531",
}
PUPILS = {
    "시도교육청": "서울특별시교육청",
    "지역": "서울특별시 강남구",
    "정보공시 학교코드": "X9S0000001",
    "학교명": "보기금성초등학교",
    "학교급코드": "2",
    "제외여부": "N",
    "학생수(계)": "320",
}
CAMPUS = {
    "학교구분": "대학",
    "학교코드": "X9001",
    "학교명": "보기대학교",
    "본분교": "본교",
    "설립구분": "사립",
    "학교상태": "기존",
    "학교명(영문)": "Bogi University",
    "도로명주소": "서울특별시 종로구 보기로 5",
    "지번주소": "서울특별시 종로구 보기동 5",
    "위도": "37.65",
    "경도": "126.95",
    "학교개교일": "1990-03-01",
    "학교홈페이지": "www.bogi.example",
    "학교대표번호": "070-0000-9001",
}
_KINDS: dict[str, tuple[list[str], dict[str, str]]] = {
    "schools": (standard.HEADER, SCHOOL),
    "contacts": (contacts.HEADER, CONTACT),
    "enrolment": (enrolment.HEADER, PUPILS),
    "universities": (universities.HEADER, CAMPUS),
}
WriteFile = Callable[..., Path]


def square(west: float, south: float) -> dict[str, Any]:
    """A GeoJSON polygon of 0.1 degrees, longitude before latitude."""
    east, north = west + 0.1, south + 0.1
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def boundary_file(path: Path, features: list[dict[str, Any]]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.fixture
def regions(db: None, tmp_path: Path) -> None:
    names = dict(PROVINCES)
    provinces = boundary_file(
        tmp_path / "provinces.geojson",
        [
            {
                "type": "Feature",
                "properties": {"code": code, "name": name},
                "geometry": square(*next(d[3:] for d in DISTRICTS if d[2] == code)),
            }
            for code, name in PROVINCES
        ],
    )
    districts = boundary_file(
        tmp_path / "districts.geojson",
        [
            {
                "type": "Feature",
                "properties": {"code": code, "name": name, "sido_code": province, "sido": names[province]},
                "geometry": square(west, south),
            }
            for code, name, province, west, south in DISTRICTS
        ],
    )
    for path, level in ((provinces, Region.Level.PROVINCE), (districts, Region.Level.DISTRICT)):
        import_regions(path, level=level, valid_from=DEFAULT_VALID_FROM, dry_run=False)


@pytest.fixture
def write(tmp_path: Path) -> WriteFile:
    """`write("schools", {...}, {...}, encoding="cp949")`: each row the sample with its differences."""

    def make(
        kind: str, *rows: dict[str, Any], encoding: str = "cp949", header: list[str] | None = None
    ) -> Path:
        columns, sample = _KINDS[kind]
        columns = header or columns
        text = StringIO()
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([(sample | row).get(name, "") for name in columns])
        path = tmp_path / f"{kind}.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return make


@pytest.fixture
def told() -> Callable[..., str]:
    """Runs a command and returns what it printed."""

    def run(command: str, *arguments: Any, **options: Any) -> str:
        out = StringIO()
        call_command(command, *map(str, arguments), stdout=out, stderr=StringIO(), **options)
        return out.getvalue()

    return run
