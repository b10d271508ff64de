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
# Degrees; all vertices are rounded to the grid first, so that neighbours share theirs; 0.001 is about 100 m.
GRID = {"land": 0.002, "province": 0.001, "district": 0.001}
TOLERANCE = {"land": 0.006, "province": 0.003, "district": 0.004}
ISLAND = 1e-4  # square degrees, about one square kilometre; smaller islands are not drawn
SHORTEST = 0.005  # degrees; shorter lines are crumbs of the rounding
DECIMALS = 3

# A stretch between two vertices that stands in two regions is a border between them. Counting stretches takes a
# tenth of the time of cutting polygons.
LINES = """
WITH ring AS (
  SELECT row_number() OVER () AS number, code, ring.geom AS shape
    FROM directory_region, ST_Dump(ST_SnapToGrid(boundary, %(grid)s)) part, ST_DumpRings(part.geom) ring
   WHERE level = %(level)s AND valid_until IS NULL
), stretch AS (
  SELECT code, point.geom AS here, lead(point.geom) OVER (PARTITION BY number ORDER BY point.path) AS there
    FROM ring, ST_DumpPoints(shape) point
), shared AS (
  SELECT least(here, there) AS one, greatest(here, there) AS other
    FROM stretch WHERE there IS NOT NULL
   GROUP BY 1, 2 HAVING count(DISTINCT code) > 1
), border AS (
  SELECT (ST_Dump(ST_LineMerge(ST_Collect(ST_MakeLine(one, other))))).geom AS line FROM shared
)
SELECT ST_AsGeoJSON(ST_Multi(ST_Collect(ST_Simplify(line, %(tolerance)s))), %(decimals)s)
  FROM border WHERE ST_Length(line) >= %(shortest)s
"""
LAND = """
WITH part AS (
  SELECT (ST_Dump(ST_Union(ST_MakeValid(ST_SnapToGrid(boundary, %(grid)s))))).geom AS shape
    FROM directory_region WHERE level = 'province' AND valid_until IS NULL
)
SELECT ST_AsGeoJSON(ST_Multi(ST_Collect(ST_ForcePolygonCCW(ST_SimplifyPreserveTopology(shape, %(tolerance)s)))), %(decimals)s)
  FROM part WHERE ST_Area(shape) >= %(island)s
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
    features = [_feature("land", _shape(LAND, "land", island=ISLAND), {"kind": "land"})]
    for level in ("province", "district"):
        lines = _shape(LINES, level, level=level, shortest=SHORTEST)
        features.append(_feature(level, lines, {"kind": "lines", "level": level}))
    with connection.cursor() as cursor:
        cursor.execute(REGIONS, [DECIMALS])
        for code, level, parent, name_ko, name_en, point in cursor.fetchall():
            said = {
                "kind": "region",
                "level": level,
                "province": parent,
                "name_ko": name_ko,
                "name_en": name_en,
            }
            features.append(_feature(code, point, said))
    drawn = {
        "type": "FeatureCollection",
        "features": [feature for feature in features if feature["geometry"]],
    }
    return json.dumps(drawn, ensure_ascii=False, separators=(",", ":")).encode()


def _shape(statement: str, name: str, **values: Any) -> str | None:
    """A GeoJSON geometry; None where no boundaries are imported."""
    with connection.cursor() as cursor:
        cursor.execute(
            statement, {"grid": GRID[name], "tolerance": TOLERANCE[name], "decimals": DECIMALS, **values}
        )
        row: tuple[str | None] = cursor.fetchone()
    return row[0]


def _feature(code: str, geometry: str | None, said: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": code,
        "properties": said,
        "geometry": json.loads(geometry) if geometry else None,
    }
