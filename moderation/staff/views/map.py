"""The desk's map: one script built by folium for all its pages, and the marks of each."""

from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from geo.site import boundaries
from geo.site import map as school_map
from moderation.review import permissions
from moderation.staff import members, places, querysets

SCRIPTS = (
    ("leaflet", "vendor/leaflet/leaflet.js"),
    ("markercluster", "vendor/markercluster/leaflet.markercluster.js"),
    ("desk-map", "staff/desk-map.js"),
)


def document() -> school_map.Document:
    """folium's map; the page itself says where its marks are, so that one document serves all pages."""
    return school_map.document(
        records="", boundaries="/map/boundaries.geojson", start="deskMap.start", scripts=SCRIPTS
    )


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    by = members.of(request)
    permissions.check_casework(by=by)
    context = {
        "map": document(),
        "most": places.MOST,
        "found": places.geojson(places.everything(by))["features"],
    }
    return render(request, "staff/map.html", context)


@require_safe
def script(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse(document().script, content_type="text/javascript")


@require_safe
def outlines(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponse(_outlines(boundaries.version()), content_type="application/geo+json")


@lru_cache(maxsize=1)
def _outlines(version: int) -> bytes:  # noqa: ARG001  (a new import makes a new one)
    return boundaries.geojson()


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    by = members.of(request)
    permissions.check_casework(by=by)
    return JsonResponse(places.geojson(places.everything(by)))


@require_safe
def around(request: HttpRequest, pk: UUID) -> HttpResponse:
    by = members.of(request)
    case = querysets.case(pk)
    permissions.check_case(by=by, case=case)
    return JsonResponse(places.geojson(places.around(case, by)))
