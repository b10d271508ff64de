"""The shapes of answers and of parameters. `shapes` makes the same answers fast; a test holds the two equal."""

import datetime as dt
import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from geo.directory.models import Region, School
from geo.record.snapshot.filters import Filters
from geo.record.snapshot.places import TRACKERS
from geo.record.vocabulary import LOG_REASONS, Action, Grade, PublisherKind, Reason, Reply, Status

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
LONGEST_RADIUS = 100_000  # metres
VISIBLE = [(code, label) for code, label in Status.choices if code != Status.WITHDRAWN]


@extend_schema_field({"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"})
class Month(serializers.Field[dt.date, str, str, Any]):
    """A month as "YYYY-MM"."""

    default_error_messages = {"invalid": gettext_lazy("A month is written as 2026-08.")}

    def to_internal_value(self, data: Any) -> dt.date:
        match = MONTH.fullmatch(str(data))
        if match is None or int(match[1]) == 0:
            self.fail("invalid")
        return dt.date(int(match[1]), int(match[2]), 1)

    def to_representation(self, value: dt.date) -> str:
        return f"{value:%Y-%m}"


@extend_schema_field({"type": "string", "examples": ["37.56,126.99"]})
class Near(serializers.Field[tuple[float, float], str, str, Any]):
    """A point as "latitude,longitude", in degrees (EPSG:4326)."""

    default_error_messages = {"invalid": gettext_lazy("A point is written as latitude,longitude in degrees.")}

    def to_internal_value(self, data: Any) -> tuple[float, float]:
        try:
            lat, lon = (float(part) for part in str(data).split(","))
        except ValueError:
            self.fail("invalid")
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            self.fail("invalid")
        return lat, lon

    def to_representation(self, value: tuple[float, float]) -> str:
        return f"{value[0]},{value[1]}"


# --- parameters --------------------------------------------------------------------------------------


class Parameters(serializers.Serializer[Any]):
    """Query parameters; one that we do not know is an error, so that a misspelt filter never answers with everything."""

    lang = serializers.ChoiceField(
        choices=["ko", "en"], required=False, help_text=gettext_lazy("Language of error sentences.")
    )

    def to_internal_value(self, data: Any) -> Any:
        given = {name: data[name] for name in data if not TRACKERS.fullmatch(name)}
        unknown = {name: [_("There is no such parameter.")] for name in given if name not in self.fields}
        if unknown:
            raise serializers.ValidationError(unknown)
        return super().to_internal_value(given)


class RecordParameters(Parameters):
    region = serializers.CharField(
        max_length=10, required=False, help_text=gettext_lazy("Code of a province or a district.")
    )
    level = serializers.ChoiceField(choices=School.Level.choices, required=False)
    grade = serializers.ChoiceField(choices=Grade.choices, required=False)
    status = serializers.ChoiceField(choices=VISIBLE, required=False)
    month_from = Month(required=False)
    month_to = Month(required=False)
    month = Month(required=False, help_text=gettext_lazy("The page: lists are paged by month, newest first."))
    format = serializers.ChoiceField(choices=["json", "geojson", "csv"], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first, last = attrs.get("month_from"), attrs.get("month_to")
        if first and last and first > last:
            raise serializers.ValidationError({"month_from": [_("The first month lies after the last one.")]})
        return attrs

    def filters(self) -> Filters:
        given = {name: value for name, value in self.validated_data.items() if name not in {"format", "lang"}}
        return Filters(**given)


class SchoolParameters(Parameters):
    q = serializers.CharField(
        max_length=100,
        required=False,
        allow_blank=True,
        help_text=gettext_lazy("Name, district or initials."),
    )
    region = serializers.CharField(
        max_length=10, required=False, help_text=gettext_lazy("Code of a province or a district.")
    )
    level = serializers.ChoiceField(choices=School.Level.choices, required=False)
    near = Near(required=False, help_text=gettext_lazy("latitude,longitude in degrees (EPSG:4326)."))
    radius = serializers.IntegerField(
        min_value=1, max_value=LONGEST_RADIUS, required=False, help_text=gettext_lazy("Metres.")
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "radius" in attrs and "near" not in attrs:
            raise serializers.ValidationError({"radius": [_("A radius needs a point: give near as well.")]})
        return attrs


class ChangeParameters(Parameters):
    since = serializers.IntegerField(
        min_value=-1, required=False, help_text=gettext_lazy("Index of the last change that you saw.")
    )


class EntryParameters(Parameters):
    start = serializers.IntegerField(
        min_value=0, default=0, help_text=gettext_lazy("Index of the first entry.")
    )
    end = serializers.IntegerField(
        min_value=0, required=False, help_text=gettext_lazy("Index of the last entry, counted in.")
    )


class InclusionParameters(Parameters):
    index = serializers.IntegerField(min_value=0)
    size = serializers.IntegerField(
        min_value=1, required=False, help_text=gettext_lazy("Of the tree; the newest by default.")
    )


class ConsistencyParameters(Parameters):
    first = serializers.IntegerField(min_value=1)
    second = serializers.IntegerField(
        min_value=1, required=False, help_text=gettext_lazy("The newest tree by default.")
    )


# --- answers -----------------------------------------------------------------------------------------


class RegionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name_ko = serializers.CharField()
    name_en = serializers.CharField()


class PointSerializer(serializers.Serializer[Any]):
    lat = serializers.FloatField(help_text="Degrees, EPSG:4326.")
    lon = serializers.FloatField(help_text="Degrees, EPSG:4326.")


class SchoolSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="Id in the official register.")
    name = serializers.CharField()
    name_en = serializers.CharField()
    level = serializers.ChoiceField(choices=School.Level.choices)
    founding = serializers.ChoiceField(choices=School.Founding.choices)
    branch = serializers.ChoiceField(choices=School.Branch.choices)
    status = serializers.ChoiceField(choices=School.Status.choices)
    address = serializers.CharField()
    district = RegionSerializer(allow_null=True)
    province = RegionSerializer(allow_null=True)
    point = PointSerializer(allow_null=True)
    left_register = serializers.BooleanField()


class SourceSerializer(serializers.Serializer[Any]):
    publisher = serializers.CharField()
    kind = serializers.ChoiceField(choices=PublisherKind.choices)
    name_ko = serializers.CharField()
    name_en = serializers.CharField()
    article = serializers.CharField()
    link = serializers.CharField(help_text="Empty where the publisher is never linked.")


class RecordSerializer(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    status = serializers.ChoiceField(choices=VISIBLE)
    version = serializers.IntegerField()
    grade = serializers.ChoiceField(choices=Grade.choices)
    month = Month(help_text="YYYY-MM, of the incident.")
    school = SchoolSerializer(allow_null=True, help_text="Null for a small school: its region stands for it.")
    district = RegionSerializer(allow_null=True)
    province = RegionSerializer(allow_null=True)
    sources = SourceSerializer(many=True)
    replies = serializers.ListField(
        child=serializers.ChoiceField(choices=Reply.choices),
        help_text="The school's own answer, in fixed words.",
    )
    published_at = serializers.DateTimeField(format="%Y-%m-%dT%H:%M:%SZ", default_timezone=dt.UTC)
    changed_at = serializers.DateTimeField(format="%Y-%m-%dT%H:%M:%SZ", default_timezone=dt.UTC)


class TombstoneSerializer(serializers.Serializer[Any]):
    public_id = serializers.CharField()
    status = serializers.ChoiceField(choices=["withdrawn"])
    version = serializers.IntegerField()
    reason = serializers.ChoiceField(choices=Reason.choices)
    changed_at = serializers.DateTimeField(format="%Y-%m-%dT%H:%M:%SZ", default_timezone=dt.UTC)


class SchoolWithRecordsSerializer(SchoolSerializer):
    records = RecordSerializer(many=True)


class SchoolListSerializer(serializers.Serializer[Any]):
    results = SchoolSerializer(many=True)
    suggestions = SchoolSerializer(
        many=True, help_text="Schools of the nearest names, when nothing was found."
    )


class RecordListSerializer(serializers.Serializer[Any]):
    generation = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True)
    count = serializers.IntegerField(help_text="Records that match, in all months.")
    month = Month(allow_null=True)
    next = serializers.CharField(allow_null=True, help_text="Address of the next older month.")
    previous = serializers.CharField(allow_null=True)
    results = RecordSerializer(many=True)


class RegionFiguresSerializer(RegionSerializer):
    level = serializers.ChoiceField(choices=Region.Level.choices)
    province = serializers.CharField(allow_null=True, help_text="Code of a district's province.")
    at_least = serializers.IntegerField(
        help_text="Records shown here, a province with its districts: a multiple of `step`, 0 for fewer or none."
    )
    stopped = serializers.BooleanField(
        help_text="Whether publication has stopped here until a senior moderator has looked."
    )
    feed = serializers.CharField(help_text="Address of its Atom feed.")


class RegionListSerializer(serializers.Serializer[Any]):
    generation = serializers.IntegerField()
    as_of = serializers.DateTimeField(allow_null=True)
    step = serializers.IntegerField(
        help_text="Numbers are given in whole steps, so that no few can be counted."
    )
    results = RegionFiguresSerializer(many=True)


class ChangeSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    at = serializers.DateTimeField(format="%Y-%m-%dT%H:%M:%SZ", default_timezone=dt.UTC)
    action = serializers.ChoiceField(choices=Action.choices)
    reason = serializers.ChoiceField(choices=LOG_REASONS)
    public_id = serializers.CharField()
    version = serializers.IntegerField()
    visible = serializers.BooleanField(
        help_text="Whether the record can be seen now; if not, remove your copy."
    )
    school_id = serializers.CharField(allow_null=True)
    district = serializers.CharField(allow_null=True)
    province = serializers.CharField(allow_null=True)


class ChangeListSerializer(serializers.Serializer[Any]):
    generation = serializers.IntegerField()
    last = serializers.IntegerField(help_text="Index of the newest change, -1 for none.")
    next = serializers.CharField(allow_null=True)
    results = ChangeSerializer(many=True)


class OpeningSerializer(serializers.Serializer[Any]):
    salt = serializers.CharField(help_text="Hexadecimal.")
    content = serializers.CharField(help_text="SHA-256 of salt and content is the commitment.")


class EntrySerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    at = serializers.DateTimeField()
    action = serializers.ChoiceField(choices=Action.choices)
    reason = serializers.ChoiceField(choices=LOG_REASONS)
    record = serializers.CharField()
    version = serializers.IntegerField()
    commitment = serializers.CharField(help_text="Hexadecimal SHA-256.")
    leaf_hash = serializers.CharField(help_text="Hexadecimal; SHA-256 of 0x00 and the leaf (RFC 6962).")
    opening = OpeningSerializer(allow_null=True, help_text="Null once the content is not public any more.")


class EntryListSerializer(serializers.Serializer[Any]):
    size = serializers.IntegerField()
    entries = EntrySerializer(many=True)


class InclusionSerializer(serializers.Serializer[Any]):
    index = serializers.IntegerField()
    size = serializers.IntegerField()
    leaf_hash = serializers.CharField()
    path = serializers.ListField(child=serializers.CharField(), help_text="Base64, lowest first.")


class ConsistencySerializer(serializers.Serializer[Any]):
    first = serializers.IntegerField()
    second = serializers.IntegerField()
    path = serializers.ListField(child=serializers.CharField(), help_text="Base64.")
