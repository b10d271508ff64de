"""Pictures, films and archives that somebody pastes as text (SAFEGUARDS A4).

Looked for as they are written and as they read once escapes, disguises and further layers of encoding are
undone. What is left to somebody who is determined (a cipher of their own, a picture of letters) is no picture to
anybody who reads the text.
"""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

_LAYERS = 3  # base64 of base64 of base64
_WRITTEN = re.compile(
    r"""
    data:\s*[a-z0-9.+-]+/[a-z0-9.+-]+\s*[;,]      # a data URI
    | ;\s*base64\s*,
    | content-(?:transfer-encoding|disposition)\s*:   # a part of a mail or of a form
    | content-type\s*:\s*(?:image|video|audio|application|multipart)/
    | [a-z0-9+/_-]{120,}={0,2}                    # long base64, in one piece or in lines
    | (?:[a-z0-9+/]{60,80}\s*\n){2,}
    | [!-~]{200,}                                 # base85 and what else has no blanks
    | (?:[0-9a-f]{2}[\s:,]?){100,}                # hexadecimal
    | (?:(?:0x|\\x|=|%u00)[0-9a-f]{2}[\s,]*){16,} # bytes as escapes
    | (?:\b\d{1,3}\s*,\s*){40,}                   # bytes as numbers
    | ^begin(?:-base64)?\s[0-7]{3}\s | ^=ybegin\s # uuencode, yEnc
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
# What base64 makes of the first bytes of JPEG, PNG, GIF, WebP, ZIP, RAR, 7z, gzip, PDF, MP4, bzip2, xz, Office and MKV.
_BEGINNINGS = re.compile(
    r"(?:/9j/|iVBORw0KGgo|R0lGOD|UklGR|UEsDB|UmFyIR|N3q8r|H4sI|JVBERi|AAAA[A-Z]GZ0eXB|QlpoOTFBWS|/Td6WFoA|0M8R4KGx"
    r"|GkXfo)[A-Za-z0-9+/_-]{8,}"
)
_RUN = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")
_MAGIC = re.compile(
    rb"""
    \xff\xd8\xff | \x89PNG | GIF8[79]a | RIFF.{4}(?:WEBP|AVI|WAVE) | II\*\0 | MM\0\*    # pictures
    | .{4}ftyp | \x1aE\xdf\xa3 | OggS | \0\0\0\0?[ -~]{4}jP | FLV\x01                     # films
    | PK[\x03\x05\x07][\x04\x06\x08] | Rar!\x1a | 7z\xbc\xaf\x27\x1c | \x1f\x8b\x08         # archives
    | BZh[1-9]1AY | \xfd7zXZ\0 | \x28\xb5\x2f\xfd | MSCF\0 | .{257}ustar
    | %PDF-\d | \xd0\xcf\x11\xe0\xa1\xb1 | \x7fELF | MZ.\0                                  # documents, programs
    """,
    re.VERBOSE | re.DOTALL,
)
_PASTED = re.compile(
    r"%PDF-1\.|GIF8[79]a|\bJFIF\b|.PNG\r?\n\x1a|PK\x03\x04|Rar!\x1a|IHDR|ftyp(?:isom|mp42|heic|avif)"
)


def carries_a_file(text: str) -> bool:
    """Whether the text holds an encoded file: a data URI, long base64 or hex, or a known beginning in disguise."""
    return _carries(text, _LAYERS)


def _carries(text: str, layers: int) -> bool:
    for view in _views(text):
        if _WRITTEN.search(view) or _PASTED.search(view):
            return True
        if _BEGINNINGS.search(re.sub(r"[^A-Za-z0-9+/_-]", "", view)):
            return True
        if any(_inside(content, layers) for content in _decoded(view)):
            return True
    return False


def _inside(content: bytes, layers: int) -> bool:
    if _MAGIC.match(content):
        return True
    return layers > 0 and content.isascii() and _carries(content.decode(), layers - 1)


def _views(text: str) -> Iterator[str]:
    """The text as written, then with the disguises undone that a browser or a person would undo."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if unicodedata.category(c) not in {"Cf", "Mn"})
    yield text
    if plain != text:
        yield plain
    unescaped = html.unescape(plain)
    if unescaped != plain:
        yield unescaped
    if "%" in unescaped:
        yield unquote_to_bytes(unescaped).decode("latin-1")
    squashed = re.sub(r"\s+", "", plain.casefold())
    if re.search(r"data:[a-z0-9.+-]+/[a-z0-9.+-]+[;,]|;base64,", squashed):
        yield "data:a/b;"


def _decoded(view: str) -> Iterator[bytes]:
    """What runs of base64 and hexadecimal stand for, wherever in a run they begin."""
    for run in _RUN.finditer(view):
        letters = run[0].rstrip("=").replace("-", "+").replace("_", "/")
        for start in range(min(4, len(letters))):
            piece = letters[start:]
            piece = piece[: len(piece) - (len(piece) % 4 == 1)]
            try:
                yield base64.b64decode(piece + "=" * (-len(piece) % 4))
            except (binascii.Error, ValueError):
                continue
    for run in _HEX.finditer(re.sub(r"(?<=[0-9A-Fa-f]{2})[\s:](?=[0-9A-Fa-f]{2}\b)", "", view)):
        yield bytes.fromhex(run[0])
