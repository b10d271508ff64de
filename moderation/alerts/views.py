"""Asking to be told, and what the links in the mails lead to; without cookies and without JavaScript.

No answer depends on whether an address is subscribed: pages know places and tokens, never addresses.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.directory import matching, search
from moderation.alerts import actions, mailbox, places
from moderation.alerts.forms import AskForm
from moderation.alerts.places import Place
from moderation.alerts.querysets import standing
from moderation.alerts.vocabulary import State
from moderation.intake import admission, form_tokens, limits, proofs
from moderation.intake.actions import AlreadyReceived, ProofSpent
from moderation.intake.guards import one_click, public_form, sentence

SUBJECT = "alerts"  # what limits, forms and proofs of work are counted and signed for, in place of a school
_LONGEST_SEARCH = 100  # characters
_NEAREST = 5  # names, where none is found


@public_form
def choose(request: HttpRequest) -> HttpResponse:
    """Step 1: of which place."""
    if code := request.GET.get("region", ""):
        return HttpResponseRedirect(reverse("alerts:region", args=[code[:20]]))
    text = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    schools = search.find(text=text, limit=40) if text else []
    context = {
        "q": text,
        "schools": schools,
        "near": search.nearest_names(text=text, limit=_NEAREST) if text and not schools else [],
        "provinces": places.provinces(),
        "available": bool(settings.SMTP_HOST),
    }
    return render(request, "alerts/choose.html", context)


@public_form
def ask_all(request: HttpRequest) -> HttpResponse:
    return _ask(request, places.EVERYTHING)


@public_form
def ask_school(request: HttpRequest, school_id: str) -> HttpResponse:
    return _ask(request, places.of_school(school_id))


@public_form
def ask_region(request: HttpRequest, code: str) -> HttpResponse:
    return _ask(request, places.of_region(code))


def _ask(request: HttpRequest, place: Place | None) -> HttpResponse:
    """Step 2: the address; the answer to every well-formed one is the same."""
    if place is None:
        return sentence(request, 404, _("There is no such place in the official register."))
    if not settings.SMTP_HOST:
        return sentence(request, 404, _("This site sends no mail. Its feeds tell the same."))
    if request.method != "POST":
        return _page(request, place, AskForm(initial={"language": get_language()}))
    form = AskForm(request.POST)
    try:
        entry = admission.admit(request, school=SUBJECT)
    except admission.NeedsWork as needs:
        return _dearer(request, place, form, needs)
    if not form.is_valid():
        return _page(request, place, form, status=422)
    try:
        actions.ask(
            place=place,
            address=form.cleaned_data["address"],
            language=form.cleaned_data["language"],
            token=form_tokens.read(form.cleaned_data["token"], school_id=SUBJECT, delay=entry.delay),
            proof=entry.proof,
        )
    except AlreadyReceived:
        pass  # sent twice: the answer is that of the first time
    except (form_tokens.FormProblem, ProofSpent) as problem:
        renew = isinstance(problem, form_tokens.FormExpired | form_tokens.FormForged)
        return _page(request, place, form, status=422, sentence=_sentence_for(problem), renew=renew)
    return render(request, "alerts/asked.html", {"place": place, "demo_mailbox": mailbox.available()})


def _dearer(request: HttpRequest, place: Place, form: AskForm, needs: admission.NeedsWork) -> HttpResponse:
    message = _("Very much is coming in, so your device has to calculate longer. Send it again.")
    response = _page(request, place, form, status=429 if needs.seconds else 422, sentence=message)
    if needs.seconds:
        response["Retry-After"] = str(needs.seconds)
    return response


def _sentence_for(problem: Exception) -> str:
    if isinstance(problem, form_tokens.FormTooFast):
        return _("That was faster than a person reads. Wait %(seconds)s seconds and send it again.") % {
            "seconds": problem.seconds
        }
    return _("This form was too old or was used before. Send it again.")


def _page(
    request: HttpRequest, place: Place, form: AskForm, *, status: int = 200, renew: bool = False, **more: Any
) -> HttpResponse:
    token = form.data.get("token", "") if form.is_bound and not renew else ""
    context = {
        "place": place,
        "look_alikes": matching.look_alikes(place.school) if place.school else [],
        "form": form,
        "languages": settings.LANGUAGES,
        "token": token or form_tokens.issue(SUBJECT),
        "challenge": proofs.issue(SUBJECT, level=limits.level(request, school=SUBJECT)),
        **more,
    }
    return render(request, "alerts/ask.html", context, status=status)


@public_form
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What a subscription's own link shows. To look is never to confirm: mail programs open links by themselves."""
    if request.method == "POST":
        limits.spend(request, budget="receipt")
        if "confirm" in request.POST:
            actions.confirm(token=token)
        elif "every" in request.POST:
            actions.end(token=token, every=True)
    return _standing(request, token)


@one_click
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Ends a subscription: by one POST without a form (RFC 8058), or by the button of the page that GET shows."""
    if request.method == "POST":
        actions.end(token=token)
    return _standing(request, token)


def _standing(request: HttpRequest, token: str) -> HttpResponse:
    found = standing(token)
    place = places.EVERYTHING
    if found.school:
        place = places.of_school(found.school) or place
    elif found.region:
        place = places.of_region(found.region) or place
    context = {
        "state": found.state,
        "label": State(found.state).label,
        "place": place,
        "token": token,
        "over": request.method == "POST" and found.state == State.UNKNOWN,
    }
    return render(request, "alerts/link.html", context)


@public_form
def demo_mailbox(request: HttpRequest) -> HttpResponse:
    """Of the demo alone: anybody who looks reads everybody's mail."""
    if not mailbox.available():
        raise Http404
    return render(request, "alerts/mailbox.html", {"mails": mailbox.newest()})
