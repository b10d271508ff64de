"""Telling schools apart: who else has this name, or one that is easily taken for it (SAFEGUARDS B2)."""

from django.db import IntegrityError, transaction
from django.db.models import Q
from rapidfuzz import fuzz

from geo.directory import lookups
from geo.directory.models import NotSame, School

SAME_NAMES = 50  # of one name, nearest regions first; the register's largest group has eleven
CANDIDATES = 200  # schools per gram that are compared
ALIKE = 82  # rapidfuzz ratio of two keys from which they are easily confused


@transaction.atomic
def look_alikes(school: School) -> list[School]:
    """Other schools of the same name anywhere, and of a very similar name in the same province.

    The same name comes first, then by likeness; regions and their parents are loaded.
    """
    lookups.settle_planner()
    others = (
        School.objects.exclude(pk=school.pk)
        .select_related("region__parent")
        .defer("grams", "region__boundary", "region__parent__boundary")
    )
    same = list(others.filter(name_key=school.name_key).order_by("region_id", "id")[:SAME_NAMES])
    nearby = lookups.sharing_grams([gram for gram in school.grams if not gram.startswith("=")], CANDIDATES)
    similar = [
        (score, other)
        for other in others.filter(pk__in=nearby).exclude(name_key=school.name_key)
        if province(other) == province(school)
        and (score := fuzz.ratio(school.name_key, other.name_key)) >= ALIKE
    ]
    return same + [other for _score, other in sorted(similar, key=lambda pair: (-pair[0], pair[1].pk))]


def province(school: School) -> str:
    """The code of a school's province, "" without a region."""
    if school.region is None:
        return ""
    return school.region.parent_id or school.region_id or ""


def tell_apart(*, one: School, other: School) -> None:
    """Remember that two look-alikes are different schools; saying it again changes nothing.

    Raises:
        ValueError: both are the same school.
    """
    if one.pk == other.pk:
        raise ValueError("a school cannot be told apart from itself")
    low, high = sorted((one.pk, other.pk))
    try:
        with transaction.atomic():
            NotSame.objects.create(low_id=low, high_id=high)
    except IntegrityError:
        return


def told_apart(school: School) -> set[str]:
    """Ids of the schools that somebody once told apart from this one."""
    pairs = NotSame.objects.filter(Q(low=school) | Q(high=school)).values_list("low_id", "high_id")
    return {high if low == school.pk else low for low, high in pairs}
