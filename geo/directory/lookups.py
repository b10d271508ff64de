"""The index-bound SQL of the search: every statement ends after a fixed number of rows.

Tier 1 is a range of a B-tree in its own order; tier 2 narrows by grams (GIN) and stops early. Regions
are walked one by one, so that each is a range of the (region, key) index.
"""

from collections.abc import Sequence
from typing import Any, LiteralString

from django.db import connection

from geo.directory import hangul, keys
from geo.directory.query import Reading

END = "\U0010ffff"  # sorts after everything in collation C
INFIX_FACTOR = 6  # candidates of tier 2 per row wanted: they are ranked afterwards
INITIALS_CANDIDATES = 400  # three initials fit some 150 schools of Korea; the commonest names come first


def settle_planner() -> None:
    """For this transaction: no sequential scans (a LIMIT makes them look cheap) and no compilation."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")


def by_official_id(official: str) -> list[str]:
    """Schools with this id in any register."""
    return _ids(
        """
        SELECT id FROM directory_school WHERE id = %s
        UNION SELECT school_id FROM directory_schoolidentifier
        WHERE system = ANY(ARRAY['neis', 'disclosure', 'university']) AND value = %s
        """,
        [official, official],
    )


def by_prefix(reading: Reading, limit: int) -> list[str]:
    """Tier 1: names, initials or English names that begin with what was typed."""
    if reading.is_english:
        found = _range("name_en_key", reading.english, reading, limit)
        return found + _range("name_key", reading.key, reading, limit)
    if reading.has_initials:
        first = hangul.initials(reading.key)
        return _commonest(_range("initials", first, reading, INITIALS_CANDIDATES), first, limit)
    return _range("name_key", reading.key, reading, limit)


def by_grams(reading: Reading, limit: int) -> list[str]:
    """Tier 2: what was typed stands anywhere in the name, word by word, in any order."""
    grams, tests, values = _gram_tests(reading)
    if not grams:
        return []
    where, parameters = _filters(reading)
    all_tests = " AND ".join(["grams @> %s::varchar[]", *tests, *where])
    return _ids(
        f"SELECT id FROM directory_school WHERE {all_tests} LIMIT %s",
        [sorted(grams), *values, *parameters, limit * INFIX_FACTOR],
    )


def by_region(reading: Reading, limit: int) -> list[str]:
    """The schools of the regions or of the level, in the order of their names."""
    return _range("name_key", "", reading, limit)


def nearest(longitude: float, latitude: float, reading: Reading, limit: int) -> list[str]:
    """The nearest schools to a point (degrees, EPSG:4326), by the GiST index."""
    where, parameters = _filters(reading)
    return _ids(
        f"""
        SELECT id FROM directory_school WHERE {" AND ".join(["point IS NOT NULL", *where])}
        ORDER BY point <-> ST_SetSRID(ST_MakePoint(%s, %s), 4326) LIMIT %s
        """,
        [*parameters, longitude, latitude, limit],
    )


def sharing_grams(grams: Sequence[str], each: int) -> list[str]:
    """Schools that share at least one gram, some of every gram: candidates for a similar name."""
    return _ids(
        """
        SELECT DISTINCT found.id FROM unnest(%s::varchar[]) AS wanted(gram)
        CROSS JOIN LATERAL (
            SELECT id FROM directory_school WHERE grams @> ARRAY[wanted.gram] LIMIT %s
        ) found
        """,
        [list(grams), each],
    )


def _range(column: LiteralString, start: str, reading: Reading, limit: int) -> list[str]:
    """One ordered range of an index, in each region where regions are given."""
    tests: list[str] = [f"{column} >= %s", f"{column} < %s"]
    values: list[Any] = [start, start + END]
    if reading.level:
        tests.append("level = %s")
        values.append(reading.level)
    if reading.has_initials and any(map(hangul.is_syllable, reading.key)):
        tests.append("name_key LIKE %s")  # 금ㅅ초: the whole syllables must be these
        values.append("".join(c if hangul.is_syllable(c) else "_" for c in reading.key) + "%")
    where = " AND ".join(tests)
    if reading.districts is None:
        return _ids(
            f"SELECT id FROM directory_school WHERE {where} ORDER BY {column}, id LIMIT %s", [*values, limit]
        )
    return _ids(
        f"""
        SELECT found.id FROM unnest(%s::varchar[]) AS region(code)
        CROSS JOIN LATERAL (
            SELECT id, {column} AS ordered FROM directory_school
            WHERE region_id = region.code AND {where} ORDER BY region_id, {column}, id LIMIT %s
        ) found ORDER BY found.ordered, found.id LIMIT %s
        """,
        [list(reading.districts), *values, limit, limit],
    )


def _commonest(ids: list[str], first: str, limit: int) -> list[str]:
    """Of the schools whose initials fit, exact initials first, then the names that most of them share."""
    return _ids(
        """
        SELECT id FROM (
            SELECT id, name_key, initials = %s AS exact, count(*) OVER (PARTITION BY name_key) AS namesakes
            FROM directory_school WHERE id = ANY(%s)
        ) fitting ORDER BY exact DESC, namesakes DESC, name_key, id LIMIT %s
        """,
        [first, ids, limit],
    )


def _gram_tests(reading: Reading) -> tuple[set[str], list[str], list[Any]]:
    """The grams that narrow by index, and the tests that settle what they let through."""
    if reading.is_english:
        english = reading.english.split()
        return (
            keys.english_grams(reading.english),
            ["strpos(concat(' ', name_en_key), %s) > 0"] * len(english),
            [f" {word}" for word in english],
        )
    if reading.has_initials:
        if any(map(hangul.is_syllable, reading.key)):
            return set(), [], []
        return keys.initials_grams(reading.key), ["strpos(initials, %s) > 0"], [reading.key]
    parts = [part for part in map(keys.typed_key, reading.words) if part]
    grams = set().union(*map(keys.syllable_grams, parts)) if parts else set()
    return grams, ["strpos(name_key, %s) > 0"] * len(parts), list(parts)


def _filters(reading: Reading) -> tuple[list[str], list[Any]]:
    tests: list[str] = []
    values: list[Any] = []
    if reading.districts is not None:
        tests.append("region_id = ANY(%s::varchar[])")
        values.append(list(reading.districts))
    if reading.level:
        tests.append("level = %s")
        values.append(reading.level)
    return tests, values


def _ids(sql: str, parameters: list[Any]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [id_ for (id_,) in cursor]
