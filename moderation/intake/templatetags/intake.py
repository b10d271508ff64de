"""How the form names a school and its place in the reader's language."""

from django import template
from django.utils.translation import get_language

from geo.directory.models import Region, School
from geo.site import shown

register = template.Library()


def _region_name(region: Region) -> str:
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
    if school.region is None:
        return school.office
    names = [_region_name(school.region)]
    if school.region.parent is not None:
        names.insert(0, _region_name(school.region.parent))
    return ", ".join(reversed(names)) if get_language() == "en" else " ".join(names)


@register.filter
def level(school: School) -> str:
    """What kind of school it is, as the public pages say it."""
    return shown.level(school.level)
