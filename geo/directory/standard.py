"""전국초중등학교위치표준데이터 (data.go.kr 15021148): elementary, middle and high schools."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.directory import keys, reading
from geo.directory.addresses import Gazetteer
from geo.directory.files import Pulse, Row, opened
from geo.directory.importing import Options, flush_index, gazetteer, parsed, run
from geo.directory.models import Import, School
from geo.directory.reading import Refusal
from geo.directory.report import Report
from geo.directory.staging import Staged

TITLE = "전국초중등학교위치표준데이터"
HEADER = [
    "학교ID",
    "학교명",
    "학교급구분",
    "설립일자",
    "설립형태",
    "본교분교구분",
    "운영상태",
    "소재지지번주소",
    "소재지도로명주소",
    "시도교육청코드",
    "시도교육청명",
    "교육지원청코드",
    "교육지원청명",
    "생성일자",
    "변경일자",
    "위도",
    "경도",
    "데이터기준일자",
    "제공기관코드",
    "제공기관명",
]
_LEVELS = {
    "초등학교": School.Level.ELEMENTARY,
    "중학교": School.Level.MIDDLE,
    "고등학교": School.Level.HIGH,
    "특수학교": School.Level.SPECIAL,
    "각종학교": School.Level.OTHER,
}
_FOUNDINGS = {
    "국립": School.Founding.NATIONAL,
    "공립": School.Founding.PUBLIC,
    "사립": School.Founding.PRIVATE,
}
_BRANCHES = {"본교": School.Branch.MAIN, "분교": School.Branch.BRANCH}
_STATUSES = {
    "운영": School.Status.OPERATING,
    "휴교": School.Status.SUSPENDED,
    "폐교": School.Status.CLOSED,
}
_ID = re.compile(r"[A-Z0-9]{2,20}")
_LEVEL_ENDINGS = {"초": School.Level.ELEMENTARY, "중": School.Level.MIDDLE, "고": School.Level.HIGH}


def import_schools(path: Path, options: Options) -> Report:
    """Bring the directory to the state of one standard file.

    Raises:
        FileFault: one sentence; nothing was changed.
    """
    with read(path, options.pulse) as rows:
        report = run(
            rows, register=School.Register.STANDARD, kind=Import.Kind.SCHOOLS, path=path, options=options
        )
    flush_index()
    return report


@contextmanager
def read(path: Path, pulse: Pulse) -> Iterator[Iterator[Staged]]:
    """The file's rows, each as staged or refused.

    Raises:
        FileFault: one sentence; the rows raise it too, where the fault comes later.
    """
    places = gazetteer()
    with opened(path, HEADER, title=TITLE, pulse=pulse) as register:
        yield parsed(
            register.rows, len(HEADER), register.columns["학교ID"], _parser(register.columns, places)
        )


def _parser(columns: dict[str, int], places: Gazetteer) -> Callable[[Row], Staged]:
    at = [columns[name] for name in HEADER]

    def parse(row: Row) -> Staged:
        (
            id_, name, level, established, founding, branch, status, lot, road, _, office, _, district_office,
            _, _, latitude, longitude, date, _, _,
        ) = (row.fields[index] for index in at)  # fmt: skip
        id_ = id_.strip()
        if not _ID.fullmatch(id_):
            raise Refusal(
                f"the id “{id_[:24]}” is not capital letters and digits" if id_ else "the id is missing"
            )
        name = reading.required(name, "the name", 80)
        level_code = reading.code(level, "the level", _LEVELS)
        status_code = reading.code(status, "the status", _STATUSES)
        point = reading.position(latitude, longitude)
        road = reading.optional(road, "the road address", 200)
        lot = reading.optional(lot, "the lot address", 200)
        region = places.district(road, *(point or (None, None))) or places.district(
            lot, *(point or (None, None))
        )
        if not region:
            raise Refusal(f"no region is known for the address “{(road or lot)[:40]}”")
        doubt = None
        key = keys.of(name)
        if "폐교" in name and status_code == School.Status.OPERATING:
            status_code, doubt = (
                School.Status.CLOSED,
                "the name says closed, the status does not; taken as closed",
            )
        elif (said := _LEVEL_ENDINGS.get(key.name_key[-1:])) and said != level_code and branch == "본교":
            doubt = f"the name ends like a school of level {said.value}, the register says {level_code}"
        return Staged(
            line=row.line,
            id=id_,
            doubt=doubt,
            name=name,
            level=level_code,
            founding=reading.code(founding, "the founding", _FOUNDINGS),
            status=status_code,
            branch=reading.code(branch, "main or branch", _BRANCHES),
            established_on=reading.day(established, "the founding date") or None,
            address_road=road,
            address_lot=lot,
            office=reading.optional(office, "the education office", 60),
            district_office=reading.optional(district_office, "the district office", 60),
            region_id=region,
            longitude=point and point[0],
            latitude=point and point[1],
            register_date=reading.day(reading.required(date, "the file's date", 10), "the file's date"),
            name_key=key.name_key,
            initials=key.initials,
            grams=key.grams,
        )

    return parse
