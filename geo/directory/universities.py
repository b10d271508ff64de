"""The official campus file (data.go.kr 15138981): active campuses of universities and colleges."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from geo.directory import keys, reading
from geo.directory.addresses import Gazetteer
from geo.directory.files import Pulse, Row, opened
from geo.directory.importing import Options, flush_index, gazetteer, parsed, run
from geo.directory.models import Import, School
from geo.directory.reading import Refusal
from geo.directory.report import Finding, Kind, Report
from geo.directory.staging import Staged

TITLE = "전국 대학 캠퍼스"
HEADER = [
    "학교구분",
    "학교코드",
    "학교명",
    "본분교",
    "학제",
    "지역",
    "설립구분",
    "관련법령",
    "법인명",
    "학교상태",
    "학교명(한자)",
    "학교명(영문)",
    "도로명주소",
    "지번주소",
    "위도",
    "경도",
    "영문주소",
    "중문주소",
    "우편번호",
    "학교개교일",
    "학교홈페이지",
    "학교대표번호",
    "학교대표팩스번호",
]
_COLLEGES = frozenset({"대학", "전문대학"})
_ACTIVE = frozenset({"기존", "신설", "학교명 변경"})
_FOUNDINGS = {
    "국립": School.Founding.NATIONAL,
    "국립대법인": School.Founding.NATIONAL,
    "특별법법인": School.Founding.NATIONAL,
    "특별법국립": School.Founding.NATIONAL,
    "공립": School.Founding.PUBLIC,
    "사립": School.Founding.PRIVATE,
}
SUFFIX = "U"  # marks an id of this register, whose numbers are short


def import_universities(path: Path, options: Options) -> Report:
    """Bring the directory's campuses to the state of one campus file.

    Raises:
        FileFault: one sentence; nothing was changed.
    """
    aside: list[int] = [0]
    with read(path, options.pulse, aside) as rows:
        report = run(
            rows,
            register=School.Register.UNIVERSITY,
            kind=Import.Kind.UNIVERSITIES,
            path=path,
            options=options,
        )
    if aside[0]:
        report.add(Finding(Kind.SKIPPED, None, f"{aside[0]} graduate schools and closed campuses"))
    flush_index()
    return report


@contextmanager
def read(path: Path, pulse: Pulse, aside: list[int] | None = None) -> Iterator[Iterator[Staged]]:
    """The file's active campuses, each as staged or refused; `aside` counts the rest in its first number.

    Raises:
        FileFault: one sentence; the rows raise it too, where the fault comes later.
    """
    places = gazetteer()
    with opened(path, HEADER, title=TITLE, pulse=pulse) as register:
        yield parsed(
            _campuses(register.rows, register.columns, aside or [0]),
            len(HEADER),
            register.columns["학교코드"],
            _parser(register.columns, places),
        )


def _campuses(rows: Iterator[Row], columns: dict[str, int], aside: list[int]) -> Iterator[Row]:
    """Only what is an active campus of a college; the rest is counted."""
    kind_at, status_at = columns["학교구분"], columns["학교상태"]
    for row in rows:
        if len(row.fields) == len(HEADER) and (
            row.fields[kind_at].strip() not in _COLLEGES or row.fields[status_at].strip() not in _ACTIVE
        ):
            aside[0] += 1
        else:
            yield row


def _parser(columns: dict[str, int], places: Gazetteer) -> Callable[[Row], Staged]:
    today = timezone.localdate().isoformat()  # the file carries no date of its own

    def parse(row: Row) -> Staged:
        def field(name: str) -> str:
            return row.fields[columns[name]]

        code = reading.required(field("학교코드"), "the code", 12)
        if not (code.isascii() and code.isalnum()):
            raise Refusal(f"the code “{code}” is not letters and digits")
        part = field("본분교").strip()
        name = reading.required(field("학교명"), "the name", 60)
        if part.endswith("캠퍼스"):
            name = f"{name} {part}"[:80]
        point = reading.position(field("위도"), field("경도"))
        road = reading.optional(field("도로명주소"), "the road address", 200)
        lot = reading.optional(field("지번주소"), "the lot address", 200)
        region = places.district(road, *(point or (None, None))) or places.district(
            lot, *(point or (None, None))
        )
        if not region:
            raise Refusal(f"no region is known for the address “{(road or lot)[:40]}”")
        name_en = reading.optional(field("학교명(영문)"), "the English name", 160)
        key = keys.of(name, name_en)
        return Staged(
            line=row.line,
            id=f"{code}{SUFFIX}",
            name=name,
            name_en=name_en,
            level=School.Level.UNIVERSITY,
            founding=_FOUNDINGS.get(field("설립구분").strip(), ""),
            status=School.Status.OPERATING,
            branch=School.Branch.MAIN if part == "본교" else School.Branch.BRANCH,
            established_on=reading.day(field("학교개교일"), "the founding date") or None,
            address_road=road,
            address_lot=lot,
            region_id=region,
            longitude=point and point[0],
            latitude=point and point[1],
            register_date=today,
            phone=reading.phone(field("학교대표번호")),
            fax=reading.phone(field("학교대표팩스번호")),
            homepage=reading.homepage(field("학교홈페이지")),
            name_key=key.name_key,
            initials=key.initials,
            name_en_key=key.name_en_key,
            grams=key.grams,
        )

    return parse
