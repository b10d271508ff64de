"""How the form names a school and its place in the reader's language."""

from django import template
from django.utils.translation import get_language

from geo.directory.models import Region, School
from geo.site import shown

register = template.Library()


@register.filter
def region_name(region: Region) -> str:
    return region.name_en if get_language() == "en" and region.name_en else region.name_ko


@register.filter
def school_name(school: School) -> str:
    """The register's name; in English both, since only the Korean one is official."""
    if get_language() == "en" and school.name_en:
        return f"{school.name_en} ({school.name})"
    return school.name


@register.filter
def place(school: School) -> str:
    """Province and district, larger first as addresses are written in Korea, smaller first in English."""
    return whole_region(school.region) if school.region else school.office


@register.filter
def whole_region(region: Region) -> str:
    """A region with its province, in the order of `place`."""
    names = [region_name(part) for part in (region.parent, region) if part is not None]
    return ", ".join(reversed(names)) if get_language() == "en" else " ".join(names)


@register.filter
def level(school: School) -> str:
    """What kind of school it is, as the public pages say it."""
    return shown.level(school.level)
