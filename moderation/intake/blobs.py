"""Pictures and archives that somebody pastes as text (SAFEGUARDS A4)."""

import re

_DATA_URI = re.compile(r"data:\s*[a-z0-9.+-]+/[a-z0-9.+-]+\s*[;,]", re.IGNORECASE)
_ENCODED = re.compile(
    r"[A-Za-z0-9+/_-]{120,}={0,2}|(?:[A-Za-z0-9+/]{60,80}\s*\n){2,}|(?:[0-9A-Fa-f]{2}[\s:]?){100,}"
)
# What base64 makes of the first bytes of JPEG, PNG, GIF, WebP, ZIP, RAR, 7z, gzip, PDF and MP4.
_BEGINNINGS = re.compile(
    r"(?<![A-Za-z0-9+/])(?:/9j/|iVBORw0KGgo|R0lGOD|UklGR|UEsDB|UmFyIR|N3q8r|H4sI|JVBERi|AAAA[A-Z]{2}[a-z0-9]ZnR5c)[A-Za-z0-9+/]{8,}"
)


def carries_a_file(text: str) -> bool:
    """Whether the text holds an encoded file: a data URI, a long run of base64 or hex, a known beginning."""
    return any(pattern.search(text) for pattern in (_DATA_URI, _ENCODED, _BEGINNINGS))
