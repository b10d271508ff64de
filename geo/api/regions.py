"""Regions and what may be said of how many records they have; no database."""

from geo.api import shapes
from geo.record.disclosure import STEP
from geo.record.figures import figures
from geo.record.snapshot.data import PublicSet


def regions_list(public: PublicSet) -> shapes.Json:
    """Every province and district of the register, by code."""
    said = figures(public).regions
    return {
        "generation": public.generation,
        "as_of": shapes.instant(public.at) if public.at else None,
        "step": STEP,
        "results": [
            {
                "code": place.code,
                "level": place.level,
                "province": place.parent,
                "name_ko": place.name_ko,
                "name_en": place.name_en,
                "at_least": said[place.code],
                "stopped": place.code in public.brakes,
                "feed": f"/ko/feeds/regions/{place.code}.atom",
            }
            for place in public.regions.values()
        ],
    }
