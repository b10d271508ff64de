"""Public records and changes as plain JSON values, made fast for files of 20,000; `serializers` defines the same shapes.

Coordinates are degrees in EPSG:4326; months are "YYYY-MM"; instants are UTC in RFC 3339.
"""

from collections.abc import Mapping
from typing import Any

from geo.record.snapshot.data import Change, PublicRecord, PublicSchool, RegionInfo, Source, Tombstone

Json = dict[str, Any]
Regions = Mapping[str, RegionInfo]


def record(shown: PublicRecord, regions: Regions) -> Json:
    """One record as the API gives it; a small school is not in it, only the region shown in its place."""
    district, province = place(shown, regions)
    return {
        "public_id": shown.public_id,
        "status": shown.status,
        "version": shown.version,
        "grade": shown.grade,
        "month": f"{shown.month:%Y-%m}",
        "school": school(shown.school, regions) if shown.school else None,
        "district": region(district, regions),
        "province": region(province, regions),
        "sources": [source(each) for each in shown.sources],
        "replies": list(shown.replies),
        "published_at": instant(shown.published_at),
        "changed_at": instant(shown.changed_at),
    }


def tombstone(left: Tombstone) -> Json:
    """What a withdrawn record leaves (SAFEGUARDS D7)."""
    return {
        "public_id": left.public_id,
        "status": "withdrawn",
        "version": left.version,
        "reason": left.reason,
        "changed_at": instant(left.changed_at),
    }


def school(shown: PublicSchool, regions: Regions) -> Json:
    return {
        "id": shown.id,
        "name": shown.name,
        "name_en": shown.name_en,
        "level": shown.level,
        "founding": shown.founding,
        "branch": shown.branch,
        "status": shown.status,
        "address": shown.address,
        "district": region(shown.district, regions),
        "province": region(shown.province, regions),
        "point": None if shown.lon is None else {"lat": shown.lat, "lon": shown.lon},
        "left_register": shown.left_register,
    }


def region(code: str | None, regions: Regions) -> Json | None:
    if code is None:
        return None
    return {"code": code, "name_ko": regions[code].name_ko, "name_en": regions[code].name_en}


def source(shown: Source) -> Json:
    return {
        "publisher": shown.publisher,
        "kind": shown.kind,
        "name_ko": shown.name_ko,
        "name_en": shown.name_en,
        "article": shown.article,
        "link": shown.link,
    }


def feature(shown: PublicRecord, regions: Regions) -> Json:
    """One record as a GeoJSON feature (RFC 7946): the school's point, or none where a region stands for it."""
    at = shown.school
    district, province = place(shown, regions)
    return {
        "type": "Feature",
        "id": shown.public_id,
        "geometry": None
        if at is None or at.lon is None
        else {"type": "Point", "coordinates": [at.lon, at.lat]},
        "properties": {
            "public_id": shown.public_id,
            "school_id": at.id if at else None,
            "school_ko": at.name if at else None,
            "school_en": at.name_en if at else None,
            "level": at.level if at else None,
            "district": district,
            "province": province,
            "grade": shown.grade,
            "status": shown.status,
            "month": f"{shown.month:%Y-%m}",
            "sources": [
                {"publisher": each.publisher, "kind": each.kind, "article": each.article, "link": each.link}
                for each in shown.sources
            ],
            "replies": list(shown.replies),
        },
    }


def change(happened: Change, regions: Regions) -> Json:
    """One entry of the change feed. The place is that of the record as it is shown now, so a withdrawal has none."""
    now = happened.now
    district, province = place(now, regions) if now else (None, None)
    return {
        "index": happened.index,
        "at": instant(happened.at),
        "action": happened.action,
        "reason": happened.reason,
        "public_id": happened.record,
        "version": happened.version,
        "visible": now is not None,
        "school_id": now.school.id if now and now.school else None,
        "district": district,
        "province": province,
    }


def place(shown: PublicRecord, regions: Regions) -> tuple[str | None, str | None]:
    """District and province of the place shown; either may be missing."""
    if shown.school:
        return shown.school.district, shown.school.province
    region = regions[shown.region] if shown.region else None
    if region is None:
        return None, None
    return (region.code, region.parent) if region.level == "district" else (None, region.code)


def instant(at: Any) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
