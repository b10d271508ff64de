"""Pupils per school from the official disclosure file (schoolinfo.go.kr), whose ids are its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection, transaction

from geo.directory import crosswalk, keys, reading, size
from geo.directory.addresses import Gazetteer
from geo.directory.files import Register, Row, flaw, opened
from geo.directory.importing import Options, gazetteer, lock, settle
from geo.directory.models import Import, School, SchoolIdentifier
from geo.directory.reading import Refusal
from geo.directory.report import Report
from geo.directory.staging import Staged

TITLE = "학교별 학년별 학생수"
_GRADES = tuple(f"{grade}학년" for grade in range(1, 7))
HEADER = [
    *[
        "시도교육청",
        "교육지원청",
        "지역",
        "정보공시 학교코드",
        "학교명",
        "학교급코드",
        "설립구분",
        "제외여부",
        "제외사유",
    ],
    *(
        f"{group} {measure}"
        for group in (*_GRADES, "특수학급", "순회학급")
        for measure in ("학급수", "학생수", "학급당 학생수")
    ),
    *["학급수(계)", "학생수(계)", "학급당 학생수(계)", "교사수", "수업교원 1인당 학생수"],
]
_LEVELS = {
    "2": School.Level.ELEMENTARY,
    "3": School.Level.MIDDLE,
    "4": School.Level.HIGH,
    "5": School.Level.SPECIAL,
    "25": School.Level.OTHER,  # 방송통신중학교
}
MOST_PUPILS = 20_000


def import_enrolment(path: Path, options: Options) -> Report:
    """Set the number of pupils of every school that the file's rows are matched to.

    Raises:
        FileFault: one sentence; nothing was changed.
    """
    places = gazetteer()
    report = Report()
    with opened(path, HEADER, title=TITLE, pulse=options.pulse) as register, transaction.atomic():
        lock()
        crosswalk.create()
        crosswalk.load(_rows(register, places))
        crosswalk.match(
            SchoolIdentifier.System.DISCLOSURE, among=[School.Register.STANDARD, School.Register.NEIS]
        )
        report.extend(crosswalk.findings())
        _count_pupils()
        settle(report, Import.Kind.ENROLMENT, path, options)
    return report


def _rows(register: Register, places: Gazetteer) -> Iterator[tuple[Staged, crosswalk.Place]]:
    parse = _parser(register.columns, places)
    for row in register.rows:
        if reason := flaw(row.fields, len(HEADER)):
            yield Staged(row.line, "", reason), crosswalk.Place()
            continue
        try:
            yield parse(row)
        except Refusal as refusal:
            yield Staged(row.line, "", str(refusal)), crosswalk.Place()


def _parser(columns: dict[str, int], places: Gazetteer) -> Callable[[Row], tuple[Staged, crosswalk.Place]]:
    def parse(row: Row) -> tuple[Staged, crosswalk.Place]:
        def field(name: str) -> str:
            return row.fields[columns[name]]

        id_ = reading.required(field("정보공시 학교코드"), "the code", 20)
        name = reading.required(field("학교명"), "the name", 80)
        level = reading.code(field("학교급코드"), "the level", _LEVELS)
        region = field("지역") or field("시도교육청").removesuffix("교육청")
        place = places.place(region)
        if not place.province:
            raise Refusal(f"no region is known for “{region[:40]}”")
        key = keys.of(name)
        staged = Staged(line=row.line, id=id_, name=name, level=level, name_key=key.name_key)
        excluded = field("제외여부").strip() == "Y"
        pupils = None if excluded else _count(field("학생수(계)"))
        return staged, crosswalk.Place(place.province, place.districts, pupils=pupils)

    return parse


def _count(value: str) -> int:
    text = value.strip().replace(",", "")
    if not text.isascii() or not text.isdigit() or int(text) > MOST_PUPILS:
        raise Refusal(f"“{text[:20]}” is no number of pupils")
    return int(text)


def _count_pupils() -> None:
    """Write the numbers; `version` grows where the size class changes, for it decides what is named."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE directory_school t SET pupils = c.pupils,
                version = t.version + ({size.small("t.pupils")} <> {size.small("c.pupils")})::int
            FROM claimed c WHERE c.school_id = t.id AND t.pupils IS DISTINCT FROM c.pupils
            """
        )
