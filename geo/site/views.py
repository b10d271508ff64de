"""Pages that no file holds: searches, filtered lists, schools without a record.

The rest of the public site is rendered by `geo.site.pages` when something is published.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from geo.directory import search
from geo.directory.models import School
from geo.record import snapshot
from geo.record.snapshot.places import logical
from geo.record.vocabulary import Status
from geo.site import contexts, feeds, filters, shown
from geo.site.errors import being_prepared
from geo.site.middleware import embeddable

LONGEST = 100  # characters of a search
FOUND = 30  # schools in one answer
NEAREST = 5
FRESH = "public, max-age=60"  # seconds; a school gets a file of its own as soon as it has a record


@require_safe
def hot(request: HttpRequest, **_where: object) -> HttpResponse:
    """The file of this address whatever the query says, or 404, or 503 before the first generation."""
    try:
        file = snapshot.current().read(str(logical(request.path[1:])))
    except snapshot.NoSnapshot:
        return being_prepared(request)
    if file is None:
        raise Http404
    response = HttpResponse(file.bodies["identity"], content_type=file.content_type)
    response.headers["Cache-Control"] = "public, max-age=1"
    return response


@embeddable
def embed(request: HttpRequest) -> HttpResponse:
    """The one page that other sites may put into a frame."""
    return hot(request)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Search results. What was typed is shown to whoever typed it and kept nowhere (SAFEGUARDS A1)."""
    text = " ".join(request.GET.get("q", "").split())
    too_long = len(text) > LONGEST
    found = search.find(text=text, limit=FOUND) if text and not too_long else []
    nearest = search.nearest_names(text=text, limit=NEAREST) if text and not too_long and not found else []
    names = [school.name_key for school in found]
    context = {
        "q": text[:LONGEST],
        "too_long": too_long,
        "found": [_result(school, alone=names.count(school.name_key) == 1) for school in found],
        "alike": len(set(names)) < len(names),
        "full": len(found) == FOUND,
        "nearest": [_result(school, alone=False) for school in nearest],
    }
    response = render(request, "site/results.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
def school(request: HttpRequest, school_id: str) -> HttpResponse:
    """One school of the register. With a record it has a file, and comes here only while that is being built."""
    place = _registered(school_id)
    try:
        whole = contexts.Whole(snapshot.current().public)
    except snapshot.NoSnapshot:
        return being_prepared(request)
    content = contexts.school(whole, place)
    response = render(request, content.template, content.values)
    response.headers["Cache-Control"] = FRESH
    return response


@require_safe
def school_feed(request: HttpRequest, school_id: str) -> HttpResponse:
    """What happened to one school's records; of a school that no record names, what left the map anywhere."""
    place = _registered(school_id)
    try:
        whole = contexts.Whole(snapshot.current().public)
    except snapshot.NoSnapshot:
        return being_prepared(request)
    feed = feeds.of_school(whole, whole.public.schools.get(place.pk, place))
    response = HttpResponse(feeds.atom(whole, feed), content_type=feeds.ATOM)
    response.headers["Cache-Control"] = FRESH
    return response


@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """The list, filtered by the query; without a filter it is a file."""
    chosen = filters.read(request.GET)
    if not chosen.given:
        return hot(request)
    try:
        content = filters.listed(contexts.Whole(snapshot.current().public), chosen)
    except snapshot.NoSnapshot:
        return being_prepared(request)
    response = render(request, content.template, content.values)
    response.headers["Cache-Control"] = "public, max-age=1"
    return response


def _registered(school_id: str) -> School:
    """The school of the official register, with its region; 404 where there is none."""
    place = search.by_id(school_id)
    if place is None:
        raise Http404
    return place


def _result(school: School, *, alone: bool) -> dict[str, Any]:
    """One school in the results. What is confirmed is said only where no other result has the same name."""
    facts = shown.facts(school)
    known = _known(school) if alone else None
    return {
        "facts": facts,
        "where": _where(school),
        "href": shown.school_path(school.id),
        "said": known,
        "label": Status(known).label if known in Status.values else "",
    }


def _known(school: School) -> str | None:
    """ "confirmed", "disputed", "nothing"; None while no generation says."""
    try:
        found = snapshot.current().public.by_school.get(school.id, ())
    except snapshot.NoSnapshot:
        return None
    return found[0].status if found else "nothing"


def _where(school: School) -> str:
    """Province and district out of the directory's own rows."""
    if school.region is None:
        return ""
    places = [place for place in (school.region.parent, school.region) if place]
    names = [place.name_en if shown.language() == "en" else place.name_ko for place in places]
    return ", ".join(reversed(names)) if shown.language() == "en" else " ".join(names)
