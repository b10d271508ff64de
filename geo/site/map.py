"""The map's document, built by folium (its only importer) and taken apart for a strict content security policy.

folium writes an HTML page with inline scripts and styles and with libraries from five foreign hosts. Here its
libraries are our own static files, its identifiers are fixed so that the same input gives the same bytes, and
its script is served as a file. It is given no text whatsoever, only addresses: `${…}` in a text that
folium puts into a popup would be executed. Words and markers are the work of `static/map.js`.
"""

import hashlib
from functools import lru_cache
from typing import NamedTuple

import folium
from branca.element import Figure, MacroElement
from django.conf import settings
from django.templatetags.static import static
from folium.template import Template

KOREA = (36.2, 127.9)  # latitude, longitude in degrees (WGS 84): the middle of the first view
SOUTH_WEST, NORTH_EAST = (31.0, 121.5), (40.5, 134.5)  # the view stays between these corners
NAME = "schools"

STYLES = (
    ("leaflet", "vendor/leaflet/leaflet.css"),
    ("markercluster", "vendor/markercluster/MarkerCluster.css"),
    ("map", "map.css"),
)
SCRIPTS = (
    ("leaflet", "vendor/leaflet/leaflet.js"),
    ("markercluster", "vendor/markercluster/leaflet.markercluster.js"),
    ("map-records", "map-records.js"),
    ("map-marks", "map-marks.js"),
    ("map-regions", "map-regions.js"),
    ("map-base", "map-base.js"),
    ("map", "map.js"),
)


class Document(NamedTuple):
    """The parts of a map: `html` is its element, `script` draws it and goes to a file of its own.

    `styles` and `scripts` are the addresses that it needs before; `name` carries the script's hash.
    """

    html: str
    script: str
    name: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]


class _Start(MacroElement):
    """Hands the map over to our own static script, with the addresses of its data and whether tiles lie below."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.start }}({{ this._parent.get_name() }}, {{ this.addresses|tojson }});"
        "{% endmacro %}"
    )

    def __init__(self, start: str, addresses: dict[str, str]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Start"
        self.start = start
        self.addresses = addresses


@lru_cache(maxsize=4)
def document(
    *,
    records: str,
    boundaries: str,
    start: str = "schoolMap.start",
    scripts: tuple[tuple[str, str], ...] = SCRIPTS,
) -> Document:
    """The map over the GeoJSON at two addresses of this site (paths; the browser fetches them).

    `start` is the function of `scripts` that draws them.
    """
    drawn = folium.Map(
        location=KOREA,
        zoom_start=7,
        tiles=None,
        prefer_canvas=True,
        zoom_snap=0.5,
        max_bounds=True,
        min_lat=SOUTH_WEST[0],
        min_lon=SOUTH_WEST[1],
        max_lat=NORTH_EAST[0],
        max_lon=NORTH_EAST[1],
        attribution_control=False,  # what there is to attribute stands in the page, in the reader's language
        zoom_control=False,  # our script adds it with labels in the reader's language
    )
    drawn._id = NAME
    drawn.default_js = [(name, static(path)) for name, path in scripts]
    drawn.default_css = [(name, static(path)) for name, path in STYLES]
    if settings.TILE_URL:
        tiles = folium.TileLayer(tiles=settings.TILE_URL, attr="-", name="tiles", max_zoom=16)
        tiles._id = NAME
        tiles.add_to(drawn)
    begin = _Start(start, {"records": records, "boundaries": boundaries, "tiles": settings.TILE_URL})
    begin._id = NAME
    begin.add_to(drawn)
    figure = drawn.get_root()
    assert isinstance(figure, Figure)
    figure.render()
    script = figure.script.render().strip() + "\n"
    digest = hashlib.sha256(script.encode()).hexdigest()[:12]
    return Document(
        html=figure.html.render().strip(),
        script=script,
        name=f"map-{digest}.js",
        styles=tuple(address for _name, address in drawn.default_css),
        scripts=tuple(address for _name, address in drawn.default_js),
    )
