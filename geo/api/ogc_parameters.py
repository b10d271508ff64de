"""Parameters of OGC API – Features, read as requirements 18 to 27 of OGC 17-069r4 have it, and how they are described."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from geo.api.serializers import Parameters

Get = TypeVar("Get", bound=Callable[..., Any])
DEFAULT, MOST = 100, 10_000  # features of one answer; more than the most is no error (requirement 21)


class Span(NamedTuple):
    """Days in Korean time, both counted in."""

    first: dt.date
    last: dt.date


class Limit(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        return min(super().to_internal_value(data), MOST)


class Box(serializers.Field[tuple[float, ...], str, str, Any]):
    """West, south, east, north in degrees (CRS84); heights, where there are six numbers, are not looked at."""

    default_error_messages = {"invalid": gettext_lazy("A box is four or six numbers: west,south,east,north.")}

    def to_internal_value(self, data: Any) -> tuple[float, ...]:
        try:
            numbers = [float(part) for part in str(data).split(",")]
        except ValueError:
            self.fail("invalid")
        if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
            self.fail("invalid")
        half = len(numbers) // 2
        (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
        if south > north:
            self.fail("invalid")
        return west, south, east, north


class Time(serializers.Field[Span, str, str, Any]):
    """A day, an instant, or an interval of them with `..` or nothing for an open end (RFC 3339)."""

    default_error_messages = {
        "invalid": gettext_lazy(
            "A time is written as 2026-08-01, 2026-08-01T00:00:00Z, or two of them with / between."
        )
    }

    def to_internal_value(self, data: Any) -> Span:
        ends = str(data).split("/")
        if len(ends) > 2 or (len(ends) == 2 and not set(ends) - {"", ".."}):
            self.fail("invalid")
        try:
            days = [None if len(ends) == 2 and end in ("", "..") else day(end) for end in ends]
        except ValueError:
            self.fail("invalid")
        first, last = days[0] or dt.date.min, days[-1] or dt.date.max
        if first > last:
            self.fail("invalid")
        return Span(first, last)


def day(text: str) -> dt.date:
    """Raises ValueError for what is no day and no instant with a zone."""
    if len(text) == len("2026-08-01"):
        return dt.date.fromisoformat(text)
    return localtime(dt.datetime.fromisoformat(text)).date()


class Items(Parameters):
    limit = Limit(min_value=1, default=DEFAULT)
    bbox = Box(required=False)
    datetime = Time(required=False)
    after = serializers.CharField(max_length=36, default="")


ITEMS = (
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT}),
    OpenApiParameter(
        "bbox",
        {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
        style="form",
        explode=False,
        description="West, south, east, north in degrees (CRS84).",
    ),
    OpenApiParameter("datetime", str, description="A day, an instant, or an interval of them (RFC 3339)."),
    OpenApiParameter("after", str, description="The page: features behind this id; in the link `next`."),
)
LANGUAGE = OpenApiParameter("lang", str, enum=["ko", "en"], description="Language of error sentences.")

NO_FORMAT = OpenApiParameter("format", exclude=True)  # the Accept header alone says it


def described(
    name: str, description: str, *own: OpenApiParameter, kind: str = "application/json"
) -> Callable[[Get], Get]:
    """What the OpenAPI document says of an operation."""
    described: Callable[[Get], Get] = extend_schema(
        operation_id=f"ogc_{name}",
        description=description,
        parameters=[*own, LANGUAGE, NO_FORMAT],
        responses={(200, kind): OpenApiResponse({"type": "object"}, description=description)},
    )
    return described
