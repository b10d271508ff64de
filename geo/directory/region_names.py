"""What addresses and people call a province or district, old and new.

The codes are the two- and five-digit ones of the boundary files. Where a name covers parts of several
of them (인천 제물포구 from 2026-07-01), it is listed for each: the point of a school decides between
them (geo.directory.addresses), never a guess. Sources: the acts that set up 강원 (2023-06-11),
전북 (2024-01-18) and the merged 전남광주 (2026-07-01); 인천 제물포구, 영종구, 검단구 (2026-07-01);
화성 일반구 (2026-02-01); 군위군 to 대구 (2023-07-01); 인천 미추홀구 (2018-07-01).
"""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

ALWAYS = dt.date(1949, 8, 15)  # the first local autonomy act; stands for "longer than any file"
MERGER = dt.date(2026, 7, 1)
SEJONG = "36"


class Province(NamedTuple):
    """Official names of one province; short forms are what addresses and people use."""

    code: str
    name_ko: str
    name_en: str
    short: tuple[str, ...]
    former: tuple[tuple[str, dt.date], ...] = ()  # or later: name and the day from which it was valid


class Alias(NamedTuple):
    """Another name of one district, under any name of its province or of the province given."""

    code: str
    name: str
    valid_from: dt.date


PROVINCES = (
    Province("11", "서울특별시", "Seoul", ("서울", "서울시")),
    Province("26", "부산광역시", "Busan", ("부산", "부산시")),
    Province("27", "대구광역시", "Daegu", ("대구", "대구시")),
    Province("28", "인천광역시", "Incheon", ("인천", "인천시")),
    Province(
        "29",
        "광주광역시",
        "Gwangju",
        ("광주", "광주시"),
        (("전남광주통합특별시", MERGER), ("광주특별시", MERGER)),
    ),
    Province("30", "대전광역시", "Daejeon", ("대전", "대전시")),
    Province("31", "울산광역시", "Ulsan", ("울산", "울산시")),
    Province("36", "세종특별자치시", "Sejong", ("세종", "세종시")),
    Province("41", "경기도", "Gyeonggi-do", ("경기",)),
    Province("43", "충청북도", "Chungcheongbuk-do", ("충북",)),
    Province("44", "충청남도", "Chungcheongnam-do", ("충남",)),
    Province(
        "46", "전라남도", "Jeollanam-do", ("전남",), (("전남광주통합특별시", MERGER), ("광주특별시", MERGER))
    ),
    Province("47", "경상북도", "Gyeongsangbuk-do", ("경북",)),
    Province("48", "경상남도", "Gyeongsangnam-do", ("경남",)),
    Province("50", "제주특별자치도", "Jeju", ("제주", "제주도")),
    Province("51", "강원특별자치도", "Gangwon", ("강원", "강원자치도"), (("강원도", ALWAYS),)),
    Province(
        "52",
        "전북특별자치도",
        "Jeonbuk",
        ("전북", "전북자치도"),
        (
            ("전라북도", ALWAYS),
            ("전라특별자치도", dt.date(2024, 1, 18)),
        ),  # the second is a slip of a register
    ),
)
# Codes that older files use for the same provinces.
FORMER_PROVINCE_CODES = {"42": "51", "45": "52"}

DISTRICT_ALIASES = (
    Alias("28177", "남구", ALWAYS),
    Alias("28110", "제물포구", MERGER),
    Alias("28140", "제물포구", MERGER),
    Alias("28110", "영종구", MERGER),
    Alias("28260", "검단구", MERGER),
    Alias("28260", "서해구", MERGER),
    *(
        Alias("41590", name, dt.date(2026, 2, 1))
        for town in ("만세구", "효행구", "병점구", "동탄구")
        for name in (f"화성시 {town}", town)
    ),
)
# A district that changed its province keeps resolving under the old one.
FORMER_PROVINCE_OF_DISTRICT = {"27720": "47"}


def province(code: str) -> Province | None:
    """The province of a two-digit code, present or former."""
    wanted = FORMER_PROVINCE_CODES.get(code, code)
    return next((entry for entry in PROVINCES if entry.code == wanted), None)


def names_of_province(code: str) -> Iterator[tuple[str, dt.date]]:
    """Every name of a province with the day from which it was valid."""
    entry = province(code)
    if entry is None:
        return
    for name in (entry.name_ko, *entry.short, entry.name_en.lower(), *_without_unit(entry.name_en)):
        yield name, ALWAYS
    yield from entry.former


def names_of_district(code: str, name_ko: str, name_en: str) -> Iterator[tuple[str, dt.date]]:
    """Every name of a district: the whole, its parts, the parts without their unit, in both scripts.

    수원시 장안구 → 수원시 장안구, 수원시, 수원, 장안구, 장안, suwon-si, suwon, jangan-gu, jangan.
    A stem of one syllable (중구 → 중) is no name.
    """
    yield name_ko, ALWAYS
    for word in name_ko.split():
        yield word, ALWAYS
        if len(word) > 2:
            yield word[:-1], ALWAYS
    for word in name_en.lower().split():
        yield word, ALWAYS
        yield from ((stem, ALWAYS) for stem in _without_unit(word) if len(stem) > 3)
    for alias in DISTRICT_ALIASES:
        if alias.code == code:
            yield alias.name, alias.valid_from
            if len(alias.name) > 2 and " " not in alias.name:
                yield alias.name[:-1], alias.valid_from


def _without_unit(name_en: str) -> list[str]:
    stem, dash, _unit = name_en.lower().rpartition("-")
    return [stem] if dash else []
