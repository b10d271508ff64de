"""The report's way from a search to a receipt, without cookies and without JavaScript."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.directory import matching, search
from geo.directory.models import School
from moderation.intake import actions, admission, form_tokens, limits, marking, proofs
from moderation.intake.forms import TEXT_LENGTH, ReportForm, months_offered
from moderation.intake.guards import public_form, sentence
from moderation.intake.querysets import paused_until
from moderation.intake.screening import masked
from moderation.intake.vocabulary import HowKnown, Kind

_LONGEST_SEARCH = 100  # characters


@public_form
def find(request: HttpRequest) -> HttpResponse:
    """Step 1: which school. Same-named schools stand side by side with what tells them apart."""
    text = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    schools = search.find(text=text, limit=40) if text else []
    near = search.nearest_names(text=text) if text and not schools else []
    return render(request, "intake/find.html", {"q": text, "schools": schools, "near": near})


@public_form
def report(request: HttpRequest, school_id: str) -> HttpResponse:
    """Step 2: the form of one school; a POST is taken, or given back with the reason."""
    school = search.by_id(school_id)
    if school is None:
        return sentence(
            request, 404, _("There is no such school in the official register. Search for it by name.")
        )
    if not actions.reportable(school):
        return sentence(request, 422, _sentence_for(actions.SchoolClosed()))
    if until := paused_until(school):
        return sentence(request, 503, _closed_for_now(until))
    if request.method != "POST":
        return _page(request, school, ReportForm())
    if "mask" in request.POST:
        return _masked(request, school)
    form = ReportForm(request.POST)
    try:
        entry = admission.admit(request, school=school.pk)
    except admission.NeedsWork as needs:
        return _dearer(request, school, form, needs)
    if not form.is_valid():
        return _page(request, school, form, status=422)
    return _submit(request, school, form, entry)


def _closed_for_now(until: dt.datetime) -> str:
    moment = timezone.localtime(until).strftime("%Y-%m-%d %H:%M")
    return _(
        "No reports are taken here until %(until)s. If you are affected, the police (112) and the help lines are there now."
    ) % {"until": moment}


def _submit(request: HttpRequest, school: School, form: ReportForm, entry: admission.Entry) -> HttpResponse:
    try:
        words = actions.submit(
            school=school,
            report=form.report(),
            token=form_tokens.read(form.cleaned_data["token"], school_id=school.pk, delay=entry.delay),
            network=entry.network,
            proof=entry.proof,
            language=get_language() or "ko",
            accepted=form.cleaned_data["accepted"],
        )
    except actions.NeedsEditing as found:
        return _found(request, school, form, found)
    except actions.AlreadyReceived:
        return render(request, "intake/received.html", {"school": school, "already": True})
    except (
        form_tokens.FormProblem,
        actions.CarriesFile,
        actions.SchoolClosed,
        actions.ProofSpent,
    ) as problem:
        return _page(
            request, school, form, status=422, sentence=_sentence_for(problem), renew=_outlived(problem)
        )
    limits.note(school=school.pk)
    return render(request, "intake/received.html", {"school": school, "words": words})


def _dearer(
    request: HttpRequest, school: School, form: ReportForm, needs: admission.NeedsWork
) -> HttpResponse:
    """The form as it was typed, with a challenge that costs what a report costs now."""
    message = _(
        "Very many reports are coming in, so your device has to calculate longer. Nothing is lost: send it again."
    )
    response = _page(request, school, form, status=429 if needs.seconds else 422, sentence=message)
    if needs.seconds:
        response["Retry-After"] = str(needs.seconds)
    return response


def _sentence_for(problem: Exception) -> str:
    if isinstance(problem, form_tokens.FormTooFast):
        return _(
            "That was faster than a person reads. Everything you typed is still here:"
            " wait %(seconds)s seconds and send it again."
        ) % {"seconds": problem.seconds}
    return {
        form_tokens.FormExpired: _(
            "This form was more than a day old. Everything you typed is still here: send it again."
        ),
        form_tokens.FormForged: _(
            "This form did not come from this page. Everything you typed is still here: send it again."
        ),
        actions.ProofSpent: _("Something was sent twice. Everything you typed is still here: send it again."),
        actions.SchoolClosed: _("This school is closed or has left the register, so it cannot be reported."),
        actions.CarriesFile: _(
            "The text contains an encoded file. Nothing was stored. Keep pictures yourself, for the police."
        ),
    }[type(problem)]


def _outlived(problem: Exception) -> bool:
    return isinstance(problem, form_tokens.FormExpired | form_tokens.FormForged)


def _found(
    request: HttpRequest, school: School, form: ReportForm, found: actions.NeedsEditing
) -> HttpResponse:
    text = form.cleaned_data["text"]
    asking = found.screening.verdict == "ask"
    return _page(
        request,
        school,
        form,
        status=422,
        pieces=marking.pieces(text, found.screening),
        reasons=marking.reasons(found.screening),
        acceptance=actions.acceptance(text) if asking else "",
    )


def _masked(request: HttpRequest, school: School) -> HttpResponse:
    """The form with every found place replaced, for its author to read again; nothing is stored."""
    limits.spend(request, budget="network")
    data = request.POST.copy()
    if len(data.get("text", "")) > 2 * TEXT_LENGTH:  # not worth reading; the form says that it is too long
        return _page(request, school, ReportForm(data), status=422)
    data["text"] = masked(data.get("text", ""))
    return _page(
        request,
        school,
        ReportForm(data),
        sentence=_("The marked places are replaced. Read the text again, then send it."),
    )


def _page(
    request: HttpRequest,
    school: School,
    form: ReportForm,
    *,
    status: int = 200,
    renew: bool = False,
    **more: Any,
) -> HttpResponse:
    token = form.data.get("token", "") if form.is_bound and not renew else ""
    context = {
        "school": school,
        "look_alikes": matching.look_alikes(school),
        "form": form,
        "kinds": Kind.choices,
        "ways": HowKnown.choices,
        "months": months_offered(),
        "token": token or form_tokens.issue(school.pk),
        "challenge": proofs.issue(school.pk, level=limits.level(request, school=school.pk)),
        **more,
    }
    return render(request, "intake/report.html", context, status=status)
