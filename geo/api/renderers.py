"""The formats of the record list besides JSON; the view hands over bytes that are ready."""

from typing import Any

from rest_framework.renderers import BaseRenderer


class _Ready(BaseRenderer):
    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:  # noqa: ARG002
        return bytes(data)


class GeoJSONRenderer(_Ready):
    media_type = "application/geo+json"
    format = "geojson"
    charset = None


class CSVRenderer(_Ready):
    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"
