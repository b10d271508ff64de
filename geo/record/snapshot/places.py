"""From an address to a file: one rule for the build, for Django and for nginx.

| address | file under `current/www/` |
| --- | --- |
| `/ko/`, `/ko/changes/` | `ko/index.html`, `ko/changes/index.html` |
| `/ko/schools/X900012/` | `ko/schools/12/X900012.html` |
| `/en/records/0f…3c/` | `en/records/3c/0f…3c.html` |
| `/api/v1/changes/` | `api/v1/changes/index.json` |
| `/api/v1/records/0f…3c/` | `api/v1/records/3c/0f…3c.json` |
| `/api/v1/records.geojson`, `/robots.txt` | the same path |

Folders of thousands are split by the last two characters of the name, so that a publication touches one part. Beside
a file lie its `.gz` and `.br`. With `root …/current/www` the rule is, in nginx (OPS: deploy/nginx):

    location ~ "^/(ko|en)/(schools|records)/([A-Za-z0-9-]*([A-Za-z0-9-]{2}))/$" { try_files /$1/$2/$4/$3.html @public; }
    location ~ "^/api/v1/(schools|records)/([A-Za-z0-9-]*([A-Za-z0-9-]{2}))/$" { try_files /api/v1/$1/$3/$2.json @public; }
    location ~ "^/api/.*/$" { try_files ${uri}index.json @public; }
    location ~ "/$" { try_files ${uri}index.html @public; }
    location / { try_files $uri @public; }

and requests with a query string go to `@public` at once.
"""

import re
from collections.abc import Collection

# A path that a file can answer: plain segments; no hidden file, nothing that climbs.
ADDRESS = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*(?:[A-Za-z0-9_-][A-Za-z0-9._-]*)?", re.ASCII)
SHARDED = re.compile(
    r"((?:ko|en|api/v1)/(?:schools|records))/([A-Za-z0-9-]*([A-Za-z0-9-]{2}))/index\.(html|json)", re.ASCII
)
WELL_KNOWN = ".well-known/"
# What other sites hang on a link: a shared link must not cost more than a plain one.
TRACKERS = re.compile(
    r"utm_[a-z]+|fbclid|gclid|dclid|msclkid|twclid|igshid?|yclid|ttclid|n_[a-z_]+|ref|si", re.ASCII
)


def logical(address: str) -> str | None:
    """The page's path for an address without its leading slash; None if no file can have it."""
    plain = address.removeprefix(WELL_KNOWN)
    if not ADDRESS.fullmatch(plain):
        return None
    if address == "" or address.endswith("/"):
        return address + index(address)
    return address


def index(folder: str) -> str:
    """The name of the file that answers an address ending in "/"."""
    return "index.json" if folder.startswith("api/") else "index.html"


def addressable(names: Collection[str]) -> bool:
    """Whether each of these can name one page of many."""
    together = "".join(names).replace("-", "0")
    return not names or (together.isascii() and together.isalnum() and min(map(len, names)) >= 2)


def part(folder: str, name: str) -> str:
    """The part of a split folder in which the page of this name lies.

    Raises:
        ValueError: the folder is not split, or no address can have this name.
    """
    path = physical(f"{folder}/{name}/{index(folder)}").rpartition("/")[0]
    if path != f"{folder}/{name[-2:]}":
        raise ValueError(f"no page of many can be at {folder}/{name}/")
    return path


def physical(path: str) -> str:
    """Where a page's path lies under `www`."""
    if match := SHARDED.fullmatch(path):
        folder, name, shard, extension = match.groups()
        return f"{folder}/{shard}/{name}.{extension}"
    return path


TYPES = {
    "html": "text/html",
    "json": "application/json",
    "geojson": "application/geo+json",
    "csv": "text/csv",
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "atom": "application/atom+xml",
    "xml": "application/xml",
    "txt": "text/plain",
    "": "text/plain",  # the log's checkpoint
}


def content_type(name: str) -> str:
    """The media type of a file by its ending, without a charset: the same for Django and for nginx.

    Raises:
        ValueError: nobody has said how files of this kind are served.
    """
    ending = name.rpartition(".")[2] if "." in name else ""
    if ending not in TYPES:
        raise ValueError(f"no media type for {name}")
    return TYPES[ending]
