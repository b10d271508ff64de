"""What pages are made by: code, templates, translations, static names and settings, as one digest.

A generation is made anew when any of them changes, so that a deployment needs no step of its own.
"""

from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

MADE_OF = (
    "geo/**/*.py",
    "geo/**/*.html",
    "geo/**/*.xml",
    "geo/**/*.js",
    "mapsite/templates/**/*",
    "mapsite/locale/**/*.mo",
)
SETTINGS = (
    "DEMO", "PUBLIC_ORIGIN", "STATIC_URL", "TILE_URL", "CONTACT", "CONTACTS_CONFIRMED_ON", "SECURITY_EXPIRES",
    "ELSEWHERE", "TILE_ATTRIBUTION",
)  # fmt: skip


@cache
def digest() -> bytes:
    """The same for the life of a process: what it has loaded does not change either."""
    found = blake2b(digest_size=16)
    root = Path(settings.ROOT)
    for pattern in MADE_OF:
        for path in sorted(root.glob(pattern)):
            if path.is_file():
                found.update(b"%s\0%s\0" % (path.relative_to(root).as_posix().encode(), path.read_bytes()))
    names = settings.STATIC_ROOT / "staticfiles.json"
    found.update(names.read_bytes() if names.is_file() else b"")
    found.update(repr([getattr(settings, name) for name in SETTINGS]).encode())
    return found.digest()
