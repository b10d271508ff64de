"""Boundaries from a GeoJSON file (RFC 7946, EPSG:4326): provinces first, then their districts."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.contrib.gis.geos import (
    GeometryCollection,
    GEOSException,
    GEOSGeometry,
    MultiPolygon,
    Polygon,
)
from django.db import transaction

from geo.directory import hangul, region_names
from geo.directory.faults import FileFault
from geo.directory.models import Import, Region, RegionName
from geo.directory.report import Finding, Kind, Report

LARGEST_FILE = 256 * 1024 * 1024  # bytes; the whole country in full detail is a tenth of it
KOREA = (124.0, 32.8, 132.1, 38.8)  # degrees: west, south, east, north, islands included
DEFAULT_VALID_FROM = dt.date(2025, 1, 1)  # the boundary files at hand are of 2024 and 2025
_CODE_LENGTH = {Region.Level.PROVINCE: 2, Region.Level.DISTRICT: 5}


class Boundary(NamedTuple):
    """One feature of the file."""

    position: int  # in the file, from 1
    code: str
    name_ko: str
    parent: str  # "" for a province
    area: MultiPolygon


def import_regions(path: Path, *, level: Region.Level, valid_from: dt.date, dry_run: bool) -> Report:
    """Add or renew the regions of one level and every name that resolves to them.

    Raises:
        FileFault: no GeoJSON, an unknown code, a shape that is none; nothing was changed.
    """
    boundaries = list(_read(path, level))
    report = Report()
    with transaction.atomic():
        known = dict(Region.objects.filter(level=level).values_list("code", "name_ko"))
        _check_parents(boundaries)
        for boundary in boundaries:
            _save(boundary, level, valid_from)
            if boundary.code not in known:
                report.add(Finding(Kind.ADDED, boundary.position, boundary.code, boundary.name_ko))
            elif known[boundary.code] != boundary.name_ko:
                report.add(Finding(Kind.RENAMED, boundary.position, boundary.code, known[boundary.code]))
        report.finish(_KIND[level], path, dry_run=dry_run)
        if dry_run:
            transaction.set_rollback(True)
    return report


_KIND = {Region.Level.PROVINCE: Import.Kind.PROVINCES, Region.Level.DISTRICT: Import.Kind.DISTRICTS}


def _read(path: Path, level: Region.Level) -> Iterator[Boundary]:
    seen: dict[str, int] = {}
    for position, feature in enumerate(_features(path), start=1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            raise FileFault(f"feature {position}: there are no properties")
        code = str(properties.get("code") or "")
        name = str(properties.get("name") or "").strip()
        if len(code) != _CODE_LENGTH[level] or not code.isascii() or not code.isdigit():
            raise FileFault(f"feature {position}: “{code[:20]}” is no code of a {level.value}")
        if not name or len(name) > 40:
            raise FileFault(f"feature {position}: the name is missing or longer than 40 characters")
        if code in seen:
            raise FileFault(f"features {seen[code]} and {position} have the same code {code}")
        seen[code] = position
        entry = region_names.province(code[:2])
        if entry is None:
            raise FileFault(f"feature {position}: {code} belongs to no province that is known")
        yield Boundary(
            position,
            entry.code if level == Region.Level.PROVINCE else code,
            name,
            "" if level == Region.Level.PROVINCE else str(properties.get("sido_code") or entry.code),
            _area(feature.get("geometry"), position),
        )


def _features(path: Path) -> list[Any]:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileFault(f"{path.name} is larger than {LARGEST_FILE // 2**20} MiB: not a boundary file")
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise FileFault(f"{path.name} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise FileFault(f"{path.name} is not GeoJSON in UTF-8") from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features or document.get("type") != "FeatureCollection":
        raise FileFault(f"{path.name} is not a GeoJSON FeatureCollection with features")
    return features


def _area(geometry: Any, position: int) -> MultiPolygon:
    """One feature's shape as a valid multipolygon in Korea."""
    try:
        shape = GEOSGeometry(json.dumps(geometry), srid=4326)
    except (GEOSException, ValueError, TypeError) as error:
        raise FileFault(f"feature {position}: the geometry cannot be read") from error
    if shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.empty:
        raise FileFault(f"feature {position}: a boundary is a polygon, not a {shape.geom_type}")
    west, south, east, north = shape.extent
    if west < KOREA[0] or south < KOREA[1] or east > KOREA[2] or north > KOREA[3]:
        raise FileFault(f"feature {position}: the boundary lies outside Korea (order is longitude, latitude)")
    parts = list(polygons(shape.make_valid()))
    if not parts:
        raise FileFault(f"feature {position}: the boundary encloses nothing")
    return MultiPolygon(parts, srid=4326)


def polygons(shape: GEOSGeometry) -> Iterator[Polygon]:
    """The polygons of a shape; lines and points that a repair may leave are dropped."""
    if isinstance(shape, Polygon):
        yield shape
    elif isinstance(shape, GeometryCollection):  # a multipolygon is one too
        for part in shape:
            yield from polygons(part)


def _check_parents(boundaries: list[Boundary]) -> None:
    wanted = {boundary.parent for boundary in boundaries if boundary.parent}
    present = set(Region.objects.filter(level=Region.Level.PROVINCE).values_list("code", flat=True))
    if missing := sorted(wanted - present):
        raise FileFault(f"import the provinces first: {', '.join(missing)} is not there")


def _save(boundary: Boundary, level: Region.Level, valid_from: dt.date) -> None:
    province = region_names.province(boundary.code[:2])
    assert province is not None  # _read refused the others
    is_province = level == Region.Level.PROVINCE
    # Latin names follow the official romanization rather than the file, whose own have slips.
    name_en = province.name_en if is_province else hangul.place_in_latin(boundary.name_ko)
    region, _new = Region.objects.update_or_create(
        code=boundary.code,
        defaults={
            "level": level,
            "parent_id": boundary.parent or None,
            "name_ko": boundary.name_ko,
            "name_en": name_en,
            "boundary": boundary.area,
        },
        create_defaults={
            "level": level,
            "parent_id": boundary.parent or None,
            "name_ko": boundary.name_ko,
            "name_en": name_en,
            "boundary": boundary.area,
            "valid_from": valid_from,
        },
    )
    names = dict(
        region_names.names_of_province(boundary.code)
        if is_province
        else region_names.names_of_district(boundary.code, boundary.name_ko, name_en)
    )
    names.setdefault(boundary.name_ko, valid_from)
    RegionName.objects.bulk_create(
        [RegionName(region=region, name=name, valid_from=since) for name, since in names.items()],
        ignore_conflicts=True,
    )
