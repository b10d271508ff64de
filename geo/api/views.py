"""The API's dynamic addresses. Whole lists and single records are snapshot files and do not come here."""

from typing import Any

from django.http import Http404
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import (
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from geo.api import files, schools, tables, transparency
from geo.api import serializers as s
from geo.api.lists import changes_page, records_page
from geo.api.negotiation import Negotiation
from geo.api.problems import Problem
from geo.api.renderers import CSVRenderer, GeoJSONRenderer
from geo.record import snapshot

FRESH = "public, max-age=1"
FEATURES = {
    "type": "object",
    "required": ["type", "features", "withdrawn", "generation"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "generation": {"type": "integer"},
        "as_of": {"type": ["string", "null"], "format": "date-time"},
        "withdrawn": {"type": "array", "items": {"$ref": "#/components/schemas/Tombstone"}},
        "features": {"type": "array", "items": {"type": "object"}},
    },
}
PRIVATE = "private, no-store"  # an answer to words that somebody typed


class View(APIView):
    """Read-only, in the language of `?lang=` or of Accept-Language where there are sentences."""

    http_method_names = ["get", "head", "options"]
    content_negotiation_class = Negotiation
    cache = FRESH

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.query_params.get("lang") in {"ko", "en"}:
            translation.activate(request.query_params["lang"])
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", self.cache)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response


class Schools(View):
    cache = PRIVATE

    @extend_schema(
        operation_id="schools",
        parameters=[s.SchoolParameters],
        responses=s.SchoolListSerializer,
        description=gettext_lazy(
            "Search the official directory by name, district, initials of syllables, or near a point."
        ),
    )
    def get(self, request: Request) -> Response:
        asked = s.SchoolParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(schools.search(**{k: v for k, v in asked.validated_data.items() if k != "lang"}))


class School(View):
    @extend_schema(
        operation_id="school",
        responses=s.SchoolWithRecordsSerializer,
        description=gettext_lazy(
            "One school with its public records. A school without any has an empty list."
        ),
    )
    def get(self, __: Request, school_id: str) -> Response:
        return Response(schools.one(school_id))


class Records(View):
    renderer_classes: list[type[BaseRenderer]] = [JSONRenderer, GeoJSONRenderer, CSVRenderer]

    @extend_schema(
        operation_id="records",
        parameters=[s.RecordParameters],
        responses=s.RecordListSerializer,
        description=gettext_lazy(
            "The current records that match, paged by month; GeoJSON and CSV come whole, with the withdrawn ones."
        ),
    )
    def get(self, request: Request) -> Response:
        asked = s.RecordParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        filters, public = asked.filters(), snapshot.current().public
        if filters.region is not None and filters.region not in public.regions:
            raise Problem("invalid-parameter", region=schools.no_such_region())
        chosen = request.accepted_renderer.format
        if chosen == "geojson":
            return Response(files.collection(filters.take(public), public))
        if chosen == "csv":
            return Response(tables.csv_file(filters.take(public), public))
        return Response(records_page(public, filters))


class _InFile(View):
    """An address that a snapshot file answers; only what no file has, or a time before the first one, comes here."""

    def get(self, _request: Request, **_named: Any) -> Response:
        snapshot.current()  # says so if there is no generation yet
        raise Http404


@extend_schema_view(
    get=extend_schema(
        operation_id="geojson",
        responses={(200, "application/geo+json"): FEATURES},
        description=gettext_lazy(
            "All current records as one GeoJSON FeatureCollection (RFC 7946), with the withdrawn ones beside it."
        ),
    )
)
class GeoJSON(_InFile):
    pass


@extend_schema_view(
    get=extend_schema(
        operation_id="csv",
        responses={(200, "text/csv"): str},
        description=gettext_lazy("All current records and tombstones as CSV, UTF-8 with a byte order mark."),
    )
)
class CSV(_InFile):
    pass


@extend_schema_view(
    get=extend_schema(
        operation_id="record",
        responses=PolymorphicProxySerializer(
            "RecordOrTombstone", [s.RecordSerializer, s.TombstoneSerializer], resource_type_field_name=None
        ),
        description=gettext_lazy("One record, or the tombstone that it left."),
    )
)
class Record(_InFile):
    pass


@extend_schema_view(
    get=extend_schema(
        operation_id="regions",
        responses=s.RegionListSerializer,
        description=gettext_lazy(
            "Provinces and districts, and how many records each has at least, in steps of five."
        ),
    )
)
class Regions(_InFile):
    pass


class Changes(View):
    @extend_schema(
        operation_id="changes",
        parameters=[s.ChangeParameters],
        responses=s.ChangeListSerializer,
        description=gettext_lazy(
            "Every publication, correction and withdrawal after the entry that since names, oldest first, 500 at a time."
        ),
    )
    def get(self, request: Request) -> Response:
        asked = s.ChangeParameters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return Response(changes_page(snapshot.current().public, asked.validated_data.get("since", -1)))


class Superseded(View):
    @extend_schema(
        operation_id="superseded",
        responses={410: OpenApiResponse(description="A newer generation exists.")},
        description=gettext_lazy("The data file of one generation, for caches; 410 once a newer one exists."),
    )
    def get(self, __: Request, generation: int) -> Response:
        if generation >= snapshot.current().number:
            raise Http404
        raise Problem("superseded")


class LogEntries(View):
    @extend_schema(
        operation_id="log_entries",
        parameters=[s.EntryParameters],
        responses=s.EntryListSerializer,
        description=gettext_lazy(
            "Entries of the public log, 1,000 at most, each with what opens its commitment while that is public."
        ),
    )
    def get(self, request: Request) -> Response:
        asked = checked(s.EntryParameters, request)
        public = snapshot.current().public
        return Response(transparency.entries(public, asked["start"], asked.get("end", public.log.size)))


class Inclusion(View):
    @extend_schema(
        operation_id="log_inclusion",
        parameters=[s.InclusionParameters],
        responses=s.InclusionSerializer,
        description=gettext_lazy("The path from one entry to the root of a tree (RFC 6962, section 2.1.1)."),
    )
    def get(self, request: Request) -> Response:
        asked = checked(s.InclusionParameters, request)
        public = snapshot.current().public
        try:
            return Response(
                transparency.inclusion(public, asked["index"], asked.get("size", public.log.size))
            )
        except ValueError:
            raise Problem("invalid-parameter", index=no_such_tree()) from None


class Consistency(View):
    @extend_schema(
        operation_id="log_consistency",
        parameters=[s.ConsistencyParameters],
        responses=s.ConsistencySerializer,
        description=gettext_lazy("The proof that a tree continues an earlier one (RFC 6962, section 2.1.2)."),
    )
    def get(self, request: Request) -> Response:
        asked = checked(s.ConsistencyParameters, request)
        public = snapshot.current().public
        try:
            return Response(
                transparency.consistency(public, asked["first"], asked.get("second", public.log.size))
            )
        except ValueError:
            raise Problem("invalid-parameter", first=no_such_tree()) from None


@extend_schema_view(
    get=extend_schema(
        operation_id="log_checkpoint",
        responses={(200, "text/plain"): str},
        description=gettext_lazy("The signed size and root of the log (C2SP tlog-checkpoint)."),
    )
)
class Checkpoint(_InFile):
    pass


@extend_schema_view(
    get=extend_schema(
        operation_id="log_key",
        responses={(200, "text/plain"): str},
        description=gettext_lazy("The key of the checkpoints, as a verifier line (C2SP signed-note)."),
    )
)
class Key(_InFile):
    pass


def checked(parameters: type[s.Parameters], request: Request) -> dict[str, Any]:
    asked = parameters(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def no_such_tree() -> str:
    return _("The log has no such entry or size.")
