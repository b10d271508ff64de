"""The map's base layer: boundaries of provinces and districts as GeoJSON (RFC 7946), from the directory.

Every vertex is rounded to the same grid, so that two neighbours keep one common border; simplifying each polygon
by itself would tear them apart.
"""

from django.db import connection

PROVINCES = "/map/provinces.geojson"
DISTRICTS = "/map/districts.geojson"
GRID = {"province": 0.005, "district": 0.002}  # degrees; about 500 m and 200 m
SMALLEST = {"province": 4e-5, "district": 4e-6}  # square degrees; smaller islands are not drawn
DECIMALS = 3

# A region that is one small island keeps its largest part. The point is where a mark for the whole region stands.
STATEMENT = """
WITH part AS (
  SELECT code, (ST_Dump(ST_MakeValid(ST_SnapToGrid(boundary, %(grid)s)))).geom AS shape
    FROM directory_region
   WHERE level = %(level)s AND boundary IS NOT NULL AND valid_until IS NULL
), ranked AS (
  SELECT code, shape, ST_Area(shape) AS area, row_number() OVER (PARTITION BY code ORDER BY ST_Area(shape) DESC) AS place
    FROM part WHERE ST_Dimension(shape) = 2
), drawn AS (
  SELECT code, ST_ForcePolygonCCW(ST_Multi(ST_Collect(shape ORDER BY place))) AS shape
    FROM ranked WHERE place = 1 OR area >= %(smallest)s GROUP BY code
)
SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
         'type', 'Feature',
         'id', r.code,
         'properties', json_build_object(
            'name_ko', r.name_ko, 'name_en', r.name_en, 'province', r.parent_id,
            'point', ST_AsGeoJSON(ST_PointOnSurface(r.boundary), %(decimals)s)::json -> 'coordinates'),
         'geometry', ST_AsGeoJSON(drawn.shape, %(decimals)s)::json) ORDER BY r.code), '[]'))::text
  FROM drawn JOIN directory_region r USING (code)
"""


def geojson(level: str) -> bytes:
    """All regions of one level, valid today."""
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENT,
            {"level": level, "grid": GRID[level], "smallest": SMALLEST[level], "decimals": DECIMALS},
        )
        (text,) = cursor.fetchone()
    return str(text).encode()
