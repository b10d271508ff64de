"""OGC API – Features, Part 1 (Core, GeoJSON, OpenAPI 3.0) under `/ogc/`: the map's records for QGIS, ArcGIS and ogr2ogr.

Answered from the loaded snapshot, without a database. Coordinates are longitude and latitude in CRS84; a record's time
is its month. A second collection has what was withdrawn, without geometry, so that a copy can follow (SAFEGUARDS D7).
Requirements are named as in OGC 17-069r4.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404
from django.utils.timezone import localtime
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from geo.api import ogc_parameters as parameters
from geo.api import serializers as s
from geo.api import shapes
from geo.api.documentation import OPENAPI_3_0
from geo.api.views import View, checked
from geo.record import snapshot
from geo.record.snapshot.data import PublicRecord, PublicSet, Tombstone

ROOT = "/ogc/"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CONFORMS = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{part}" for part in ("core", "geojson", "oas30")
]
JSON = "application/json"
GEOJSON = "application/geo+json"


class Item(NamedTuple):
    """One feature, as far as a filter has to know it."""

    id: str
    first: dt.date  # its time, both days counted in
    last: dt.date
    point: tuple[float, float] | None  # longitude and latitude
    feature: Callable[[], shapes.Json]


class Collection(NamedTuple):
    title: str
    description: str
    items: Callable[[PublicSet], Iterable[Item]]  # by id


def _records(public: PublicSet) -> Iterable[Item]:
    return (_record(record, public) for record in public.records)


def _record(record: PublicRecord, public: PublicSet) -> Item:
    school = record.school
    point = (school.lon, school.lat) if school and school.lon is not None and school.lat is not None else None
    last = (record.month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
    return Item(record.public_id, record.month, last, point, lambda: shapes.feature(record, public.regions))


def _withdrawn(public: PublicSet) -> Iterable[Item]:
    return (_tombstone(left) for left in public.tombstones)


def _tombstone(left: Tombstone) -> Item:
    day = localtime(left.changed_at).date()
    feature = {
        "type": "Feature",
        "id": left.public_id,
        "geometry": None,
        "properties": shapes.tombstone(left),
    }
    return Item(left.public_id, day, day, None, lambda: feature)


COLLECTIONS = {
    "records": Collection(
        "Confirmed records", "Schools and regions with a record that two moderators confirmed.", _records
    ),
    "withdrawn": Collection(
        "Withdrawn records", "What was withdrawn: remove your copy. No place and no allegation.", _withdrawn
    ),
}


class GeoJSONRenderer(JSONRenderer):
    media_type = GEOJSON
    format = "geojson"


class Landing(View):
    @parameters.described("landing", "Where everything else is.")
    def get(self, request: Request) -> Response:
        checked(s.Parameters, request)
        return Response(
            {
                "title": "Verified School-Impact Map",
                "description": "School-level records that two moderators confirmed, and nobody's name.",
                "links": [
                    link("self", JSON, ""),
                    link("service-desc", OPENAPI_3_0, "api"),
                    {
                        "rel": "service-doc",
                        "type": "text/html",
                        "href": f"{settings.PUBLIC_ORIGIN}/en/about/api/",
                    },
                    link("conformance", JSON, "conformance"),
                    link("data", JSON, "collections"),
                ],
            }
        )


class Conformance(View):
    @parameters.described("conformance", "The classes of OGC API – Features that this service implements.")
    def get(self, request: Request) -> Response:
        checked(s.Parameters, request)
        return Response({"conformsTo": CONFORMS})


class Collections(View):
    @parameters.described("collections", "What there is to read.")
    def get(self, request: Request) -> Response:
        checked(s.Parameters, request)
        public = snapshot.current().public
        found = [described(name, public) for name in COLLECTIONS]
        return Response({"links": [link("self", JSON, "collections")], "collections": found})


class OneCollection(View):
    @parameters.described("collection", "One collection: its extent and where its features are.")
    def get(self, request: Request, collection: str) -> Response:
        checked(s.Parameters, request)
        of(collection)
        return Response(described(collection, snapshot.current().public))


class Items(View):
    renderer_classes: list[type[BaseRenderer]] = [GeoJSONRenderer, JSONRenderer]

    @parameters.described("items", "Features of a collection, in pages.", *parameters.ITEMS, kind=GEOJSON)
    def get(self, request: Request, collection: str) -> Response:
        kept = of(collection)
        asked = checked(parameters.Items, request)
        generation = snapshot.current()
        found = [
            item
            for item in kept.items(generation.public)
            if fits(item, asked.get("bbox"), asked.get("datetime"))
        ]
        rest = [item for item in found if item.id > asked["after"]]
        page, more = rest[: asked["limit"]], len(rest) > asked["limit"]
        address = f"collections/{collection}/items"
        given = {name: str(value) for name, value in request.query_params.items() if name != "after"}
        links = [link("self", GEOJSON, query(address, request.query_params.dict()))]
        if more:
            links.append(link("next", GEOJSON, query(address, {**given, "after": page[-1].id})))
        answer: shapes.Json = {
            "type": "FeatureCollection",
            "links": [*links, link("collection", JSON, f"collections/{collection}")],
            "numberMatched": len(found),
            "numberReturned": len(page),
            "features": [item.feature() for item in page],
        }
        if generation.public.at:
            answer["timeStamp"] = shapes.instant(generation.public.at)
        return Response(answer)


class OneItem(View):
    renderer_classes: list[type[BaseRenderer]] = [GeoJSONRenderer, JSONRenderer]

    @parameters.described("item", "One feature.", kind=GEOJSON)
    def get(self, request: Request, collection: str, feature: str) -> Response:
        kept = of(collection)
        checked(s.Parameters, request)
        found = next((item for item in kept.items(snapshot.current().public) if item.id == feature), None)
        if found is None:
            raise Http404
        address = f"collections/{collection}"
        links = [link("self", GEOJSON, f"{address}/items/{feature}"), link("collection", JSON, address)]
        return Response({**found.feature(), "links": links})


def of(collection: str) -> Collection:
    if collection not in COLLECTIONS:
        raise Http404
    return COLLECTIONS[collection]


def described(name: str, public: PublicSet) -> shapes.Json:
    """One collection as requirements 15 to 17 have it."""
    kept = COLLECTIONS[name]
    items = list(kept.items(public))
    points = [item.point for item in items if item.point]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    extent: shapes.Json = {}
    if points:
        extent["spatial"] = {"bbox": [[min(lons), min(lats), max(lons), max(lats)]], "crs": CRS84}
    if items:
        first, last = min(item.first for item in items), max(item.last for item in items)
        extent["temporal"] = {"interval": [[f"{first}T00:00:00Z", f"{last}T23:59:59Z"]]}
    address = f"collections/{name}"
    return {
        "id": name,
        "title": kept.title,
        "description": kept.description,
        "extent": extent,
        "itemType": "feature",
        "crs": [CRS84],
        "links": [link("self", JSON, address), link("items", GEOJSON, f"{address}/items")],
    }


def fits(item: Item, box: Sequence[float] | None, span: parameters.Span | None) -> bool:
    """Requirements 24 (a feature without geometry lies in no box) and 26 (times that overlap)."""
    if box is not None and (item.point is None or not _within(item.point, box)):
        return False
    return span is None or (item.first <= span.last and item.last >= span.first)


def _within(point: tuple[float, float], box: Sequence[float]) -> bool:
    """`box` is west, south, east, north in degrees; west of the date line to east of it where west is larger."""
    (lon, lat), (west, south, east, north) = point, box
    across = lon >= west or lon <= east
    return south <= lat <= north and (west <= lon <= east if west <= east else across)


def link(relation: str, kind: str, address: str) -> dict[str, Any]:
    return {"rel": relation, "type": kind, "href": f"{settings.PUBLIC_ORIGIN}{ROOT}{address}"}


def query(address: str, given: dict[str, str]) -> str:
    return f"{address}?{urlencode(given)}" if given else address
