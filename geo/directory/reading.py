"""Single fields of the registers into typed values; each refusal is a clause that follows "line 12: …"."""

import datetime as dt
import re
from collections.abc import Mapping

WEST, SOUTH, EAST, NORTH = 124.5, 32.9, 131.95, 38.7  # degrees: 가거도 to 독도, 마라도 to 고성
_PHONE = re.compile(r"\+?\d[\d\s()-]{5,18}\d")
_HOMEPAGE = re.compile(
    r"(?:https?://)?[a-z0-9가-힣.-]+\.[a-z]{2,}(?::\d{2,5})?(?:/[^\s<>\"']*)?", re.IGNORECASE
)


class Refusal(Exception):
    """Why one row is left out."""


def required(value: str, name: str, longest: int) -> str:
    """A text that must be there and fit."""
    text = " ".join(value.split())
    if not text:
        raise Refusal(f"{name} is missing")
    if len(text) > longest:
        raise Refusal(f"{name} has {len(text)} characters; {longest} are the most")
    return text


def optional(value: str, name: str, longest: int) -> str:
    """A text that may be empty and must fit."""
    return required(value, name, longest) if value.strip() else ""


def code(value: str, name: str, table: Mapping[str, str]) -> str:
    """One of a register's words as our code."""
    try:
        return table[value.strip()]
    except KeyError:
        raise Refusal(f"{name} “{value.strip()[:20]}” is not known") from None


def day(value: str, name: str) -> str:
    """A date as YYYY-MM-DD, from that form or YYYYMMDD; "" where the register has none."""
    text = value.strip()
    if not text:
        return ""
    try:
        read = dt.date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{name} “{text[:20]}” is not a date") from None
    if not 1800 <= read.year <= 2100:
        raise Refusal(f"{name} “{text[:20]}” is not a date of a school")
    return read.isoformat()


def position(latitude: str, longitude: str) -> tuple[float, float] | None:
    """(longitude, latitude) in degrees, EPSG:4326; None where the register has neither.

    Raises:
        Refusal: a point that is wrong is worse than none: swapped, 0,0, or outside Korea.
    """
    if not latitude.strip() and not longitude.strip():
        return None
    try:
        lat, lon = float(latitude), float(longitude)
    except ValueError:
        raise Refusal(f"the point “{latitude[:20]}, {longitude[:20]}” is not two numbers") from None
    if SOUTH <= lat <= NORTH and WEST <= lon <= EAST:
        return lon, lat
    if lat == 0 and lon == 0:
        raise Refusal("the point is 0, 0")
    if SOUTH <= lon <= NORTH and WEST <= lat <= EAST:
        raise Refusal(f"latitude and longitude are swapped ({lat}, {lon})")
    raise Refusal(f"the point {lat}, {lon} lies outside Korea")


def phone(value: str) -> str:
    """The first telephone number in a field, digits and hyphens; "" where there is none."""
    found = _PHONE.search(value)
    number = re.sub(r"[^\d+-]", "", found[0]) if found else ""
    return number if len(number) <= 20 and sum(map(str.isdigit, number)) >= 8 else ""


def homepage(value: str) -> str:
    """A web address with its scheme; "" where the register has none worth following."""
    text = value.strip()
    if not _HOMEPAGE.fullmatch(text):
        return ""
    text = text if "://" in text else f"http://{text}"
    return text if len(text) <= 200 else ""
