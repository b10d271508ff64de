"""The map's base layer as one GeoJSON file (RFC 7946, degrees in EPSG:4326): the land, its inner borders, its regions.

A border between two regions is drawn once: it is what the outlines of all regions have beyond the outline of the
land. So nothing gapes where each polygon would be simplified by itself, and the file is a sixth of the polygons.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from geo.directory.models import Import

ADDRESS = "/map/boundaries.geojson"
GRID = 0.001  # degrees; all vertices are rounded to it first, so that neighbours share theirs
TOLERANCE = {"land": 0.006, "province": 0.003, "district": 0.004}  # degrees; 0.001 is about 100 m
ISLAND = 1e-4  # square degrees, about one square kilometre; smaller islands are not drawn
SHORTEST = 0.005  # degrees; shorter lines are crumbs of the rounding
DECIMALS = 3

SHAPES = """
WITH region AS MATERIALIZED (
  SELECT ST_MakeValid(ST_SnapToGrid(boundary, %(grid)s)) AS shape
    FROM directory_region WHERE level = %(level)s AND boundary IS NOT NULL AND valid_until IS NULL
), whole AS MATERIALIZED (
  SELECT ST_Union(shape) AS land, ST_Union(ST_Boundary(shape)) AS edges FROM region
), line AS (
  SELECT (ST_Dump(ST_LineMerge(ST_Difference(edges, ST_Boundary(land))))).geom AS line FROM whole
), part AS (
  SELECT (ST_Dump(land)).geom AS part FROM whole
)
SELECT (SELECT ST_AsGeoJSON(ST_Multi(ST_Collect(ST_Simplify(line, %(line)s))), %(decimals)s)
          FROM line WHERE ST_Length(line) >= %(shortest)s),
       (SELECT ST_AsGeoJSON(ST_Multi(ST_Collect(ST_ForcePolygonCCW(ST_SimplifyPreserveTopology(part, %(land)s)))), %(decimals)s)
          FROM part WHERE ST_Area(part) >= %(island)s)
"""
# The point is where a mark for the whole region stands.
REGIONS = """
SELECT code, level, parent_id, name_ko, name_en, ST_AsGeoJSON(ST_PointOnSurface(boundary), %s)
  FROM directory_region WHERE boundary IS NOT NULL AND valid_until IS NULL ORDER BY code
"""


def version() -> int:
    """Number of the newest import of boundaries; 0 for none."""
    newest = Import.objects.filter(kind__in=[Import.Kind.PROVINCES, Import.Kind.DISTRICTS]).order_by("-pk")
    return newest.values_list("pk", flat=True).first() or 0


def geojson() -> bytes:
    """One feature `land`, one of inner lines for each level, and one point with names for each region."""
    province_lines, land = _shapes("province")
    district_lines, _land = _shapes("district")
    features = [
        _feature("land", land, {"kind": "land"}),
        _feature("province", province_lines, {"kind": "lines", "level": "province"}),
        _feature("district", district_lines, {"kind": "lines", "level": "district"}),
    ]
    with connection.cursor() as cursor:
        cursor.execute(REGIONS, [DECIMALS])
        for code, level, parent, name_ko, name_en, point in cursor.fetchall():
            said = {"kind": "region", "level": level, "province": parent, "name_ko": name_ko, "name_en": name_en}
            features.append(_feature(code, point, said))
    drawn = {"type": "FeatureCollection", "features": [feature for feature in features if feature["geometry"]]}
    return json.dumps(drawn, ensure_ascii=False, separators=(",", ":")).encode()


def _shapes(level: str) -> tuple[str | None, str | None]:
    """Inner lines and land of one level's regions, as GeoJSON geometries."""
    with connection.cursor() as cursor:
        cursor.execute(
            SHAPES,
            {
                "level": level,
                "grid": GRID,
                "line": TOLERANCE[level],
                "land": TOLERANCE["land"],
                "shortest": SHORTEST,
                "island": ISLAND,
                "decimals": DECIMALS,
            },
        )
        lines, land = cursor.fetchone()
    return lines, land


def _feature(code: str, geometry: str | None, said: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": code, "properties": said, "geometry": json.loads(geometry) if geometry else None}
