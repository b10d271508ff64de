"""The official NEIS file 학교기본정보: telephone, fax, homepage and English name of the directory's schools,
and the schools that only this register has (special schools and other kinds), without a point.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from geo.directory import crosswalk, keys, reading, staging
from geo.directory.addresses import Gazetteer, Place
from geo.directory.files import Pulse, Register, Row, flaw, opened
from geo.directory.importing import Options, check_departures, flush_index, gazetteer, lock, settle
from geo.directory.models import Import, School, SchoolIdentifier
from geo.directory.reading import Refusal
from geo.directory.report import Report
from geo.directory.staging import Staged

TITLE = "NEIS 학교기본정보"
HEADER = [
    "시도교육청코드",
    "시도교육청명",
    "행정표준코드",
    "학교명",
    "영문학교명",
    "학교종류명",
    "시도명",
    "관할조직명",
    "설립명",
    "도로명우편번호",
    "도로명주소",
    "도로명상세주소",
    "전화번호",
    "홈페이지주소",
    "남녀공학구분명",
    "팩스번호",
    "고등학교구분명",
    "산업체특별학급존재여부",
    "고등학교일반전문구분명",
    "특수목적고등학교계열명",
    "입시전후기구분명",
    "주야구분명",
    "설립일자",
    "개교기념일",
    "수정일자",
]
_REGULAR = {
    "초등학교": School.Level.ELEMENTARY,
    "중학교": School.Level.MIDDLE,
    "고등학교": School.Level.HIGH,
}
_OTHER_KINDS = re.compile(
    r"(각종학교|방송통신|평생학교|외국인학교|국제학교|고등기술학교|고등공민학교|대안학교)"
)
_ABROAD = "재외한국학교"
_WORKSHOP = "공동실습소"
_FOUNDINGS = {
    "국립": School.Founding.NATIONAL,
    "공립": School.Founding.PUBLIC,
    "사립": School.Founding.PRIVATE,
}
_CODE = re.compile(r"[A-Z0-9]{5,12}")
_QUARTER = re.compile(r"\(\s*([가-힣0-9]+(?:동|가))(?=[,)\s])")
# Marks an id of this register; its seven digits alone could meet another register's.
SUFFIX = "N"


def import_contacts(path: Path, options: Options) -> Report:
    """Give the directory's schools their register contact, and take over the schools that only NEIS has.

    Raises:
        FileFault: one sentence; nothing was changed.
    """
    places = gazetteer()
    report = Report()
    with opened(path, HEADER, title=TITLE, pulse=options.pulse) as register, transaction.atomic():
        lock()
        crosswalk.create()
        staging.create()
        crosswalk.load(_rows(register, places))
        crosswalk.match(SchoolIdentifier.System.NEIS, among=[School.Register.STANDARD])
        _stage_own_schools()
        staging.check()
        check_departures(School.Register.NEIS, options)
        report.extend(crosswalk.findings())
        report.extend(staging.findings(School.Register.NEIS))
        staging.take_over(School.Register.NEIS)
        _tell_contacts()
        settle(report, Import.Kind.CONTACTS, path, options)
    flush_index()
    return report


@contextmanager
def read(path: Path, pulse: Pulse) -> Iterator[Iterator[Staged]]:
    """The file's rows by the code of this register, each as staged or refused; what is no school here is left out.

    Raises:
        FileFault: one sentence; the rows raise it too, where the fault comes later.
    """
    places = gazetteer()
    with opened(path, HEADER, title=TITLE, pulse=pulse) as register:
        yield (staged for staged, place in _rows(register, places) if place.skipped is None)


def _rows(register: Register, places: Gazetteer) -> Iterator[tuple[Staged, crosswalk.Place]]:
    parse = _parser(register.columns, places)
    id_at = register.columns["행정표준코드"]
    for row in register.rows:
        if reason := flaw(row.fields, len(HEADER)):
            yield Staged(row.line, "", reason), crosswalk.Place()
            continue
        try:
            yield parse(row)
        except Refusal as refusal:
            yield Staged(row.line, row.fields[id_at].strip()[:20], str(refusal)), crosswalk.Place()


def _parser(columns: dict[str, int], places: Gazetteer) -> Callable[[Row], tuple[Staged, crosswalk.Place]]:
    def parse(row: Row) -> tuple[Staged, crosswalk.Place]:
        def field(name: str) -> str:
            return row.fields[columns[name]]

        id_ = field("행정표준코드").strip()
        name = reading.required(field("학교명"), "the name", 80)
        kind = field("학교종류명").strip()
        if reason := _left_aside(kind, id_, name):
            return Staged(row.line, id_, name=name), crosswalk.Place(skipped=reason)
        if not _CODE.fullmatch(id_):
            raise Refusal(
                f"the code “{id_[:20]}” is not five to twelve letters and digits"
                if id_
                else "the code is missing"
            )
        level = _level(kind)
        address = reading.optional(field("도로명주소"), "the address", 200)
        place = _place(places, field("시도명"), address)
        if not place.province:
            raise Refusal(f"no region is known for the address “{address[:40]}”")
        creates = level in {School.Level.SPECIAL, School.Level.OTHER}
        if creates and not address:
            raise Refusal("the address is missing")
        name_en = " ".join(field("영문학교명").split()).strip(".-")[:160]
        key = keys.of(name, name_en)
        quarter = _QUARTER.search(field("도로명상세주소"))
        staged = Staged(
            line=row.line,
            id=id_,
            name=name,
            name_en=name_en,
            level=level,
            founding=_FOUNDINGS.get(field("설립명").strip(), ""),
            status=School.Status.OPERATING,
            branch=School.Branch.BRANCH if "분교" in name else School.Branch.MAIN,
            established_on=reading.day(field("설립일자"), "the founding date") or None,
            address_road=address,
            office=reading.optional(field("시도교육청명"), "the education office", 60),
            district_office=reading.optional(field("관할조직명"), "the district office", 60),
            region_id=place.districts[0] if len(place.districts) == 1 else place.province,
            register_date=reading.day(
                reading.required(field("수정일자"), "the row's date", 10), "the row's date"
            ),
            phone=reading.phone(field("전화번호")),
            fax=reading.phone(field("팩스번호")),
            homepage=reading.homepage(field("홈페이지주소")),
            name_key=key.name_key,
            initials=key.initials,
            name_en_key=key.name_en_key,
            grams=key.grams,
        )
        return staged, crosswalk.Place(
            place.province, place.districts, quarter=quarter[1] if quarter else "", creates=creates
        )

    return parse


def _left_aside(kind: str, id_: str, name: str) -> str:
    """Why a sound row is no school of this directory, or ""."""
    if kind.startswith(_ABROAD):
        return "a school abroad"
    if kind == _WORKSHOP:
        return "a workshop that several schools share"
    if "검정고시" in name:
        return "an examination, not a school"
    if not id_:
        return "no official code yet"
    return ""


def _level(kind: str) -> School.Level:
    if kind in _REGULAR:
        return _REGULAR[kind]
    if kind == "특수학교":
        return School.Level.SPECIAL
    if _OTHER_KINDS.match(kind):
        return School.Level.OTHER
    raise Refusal(f"the kind “{kind[:20]}” is not known")


def _place(places: Gazetteer, province: str, address: str) -> Place:
    """By the address; by the province's own column where the address forgets the province."""
    place = places.place(re.sub(r"^\([^)]*\)\s*", "", address))
    if place.province:
        return place
    return places.place(f"{province} {address}")


def _stage_own_schools() -> None:
    """Rows of kinds that no other register holds become schools; a 동 may settle an open district."""
    fields = ", ".join(f"{'c.' if name != 'id' else ''}{name}" for name in Staged._fields if name != "id")
    names = ", ".join(name for name in Staged._fields if name != "id")
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claimed c SET region_id = found.region_id
            FROM (
                SELECT c2.line, min(t.region_id) AS region_id
                FROM claimed c2 JOIN directory_school t
                  ON t.region_id = ANY(c2.districts)
                 AND position(concat(' ', c2.quarter, ' ') IN t.address_lot) > 0
                WHERE c2.creates AND c2.quarter <> '' AND cardinality(c2.districts) > 1
                GROUP BY c2.line HAVING count(DISTINCT t.region_id) = 1
            ) found WHERE found.line = c.line
            """
        )
        cursor.execute(
            f"""
            INSERT INTO staged (id, {names})
            SELECT concat(c.id, '{SUFFIX}'), {fields} FROM claimed c
            WHERE c.creates AND c.verdict = 'unmatched' AND c.reason IS NULL
            """
        )
        cursor.execute("UPDATE claimed SET verdict = 'made' WHERE creates AND verdict = 'unmatched'")


def _tell_contacts() -> None:
    """Write contact and English name of matched schools, and the cross-walk of this register's own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT directory_tell_contacts()")
        cursor.execute(
            """
            INSERT INTO directory_schoolidentifier (school_id, system, value)
            SELECT concat(id, %s::text), %s, id FROM claimed WHERE verdict = 'made' AND reason IS NULL
            ON CONFLICT DO NOTHING
            """,
            [SUFFIX, SchoolIdentifier.System.NEIS],
        )
