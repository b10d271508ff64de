"""Anybody's way from a wish under the privacy act to its answer, without an account, a cookie or JavaScript."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from moderation.corrections.inbox import words
from moderation.corrections.inbox.forms import WordsForm
from moderation.erasure.inbox import actions, clocks
from moderation.erasure.inbox.forms import RequestForm
from moderation.erasure.inbox.querysets import UNKNOWN, progress
from moderation.erasure.inbox.vocabulary import Wish
from moderation.intake import actions as intake
from moderation.intake import admission, form_tokens, limits, marking, proofs
from moderation.intake.guards import public_form
from moderation.intake.receipts import ReceiptUnreadable

SUBJECT = "erasure"  # what budgets and challenges are for
_PROBLEMS = (form_tokens.FormProblem, intake.CarriesFile, intake.ProofSpent)


@public_form
def ask(request: HttpRequest) -> HttpResponse:
    """The form; a POST is taken, or given back with the reason."""
    if request.method != "POST":
        return _page(request, RequestForm())
    form = RequestForm(request.POST)
    try:
        entry = admission.admit(request, school=SUBJECT)
    except admission.NeedsWork as needs:
        return _dearer(request, form, needs)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _submit(request, form, entry)


def _submit(request: HttpRequest, form: RequestForm, entry: admission.Entry) -> HttpResponse:
    data = form.cleaned_data
    try:
        sent = actions.submit(
            wanted=form.wanted(),
            token=form_tokens.read(data["token"], school_id=SUBJECT, delay=entry.delay),
            proof=entry.proof,
            language=get_language() or "ko",
            accepted=data["accepted"],
        )
    except intake.NeedsEditing as found:
        return _found(request, form, found)
    except intake.AlreadyReceived:
        return render(request, "erasure/received.html", {"already": True})
    except _PROBLEMS as problem:
        outlived = isinstance(problem, form_tokens.FormExpired | form_tokens.FormForged)
        return _page(request, form, status=422, sentence=_sentence_for(problem), renew=outlived)
    limits.note(school=SUBJECT)
    return render(request, "erasure/received.html", {"sent": sent, "linked": words.linked(sent.words)})


def _dearer(request: HttpRequest, form: RequestForm, needs: admission.NeedsWork) -> HttpResponse:
    message = _("Your device has to calculate longer now. Nothing is lost: send it again.")
    response = _page(request, form, status=429 if needs.seconds else 422, sentence=message)
    if needs.seconds:
        response["Retry-After"] = str(needs.seconds)
    return response


def _sentence_for(problem: Exception) -> str:
    if isinstance(problem, form_tokens.FormTooFast):
        return _(
            "That was faster than a person reads. Everything you typed is still here:"
            " wait %(seconds)s seconds and send it again."
        ) % {"seconds": problem.seconds}
    if isinstance(problem, intake.CarriesFile):
        return _(
            "The text contains an encoded file. Nothing was stored. Keep pictures yourself, for the police."
        )
    return _("This form was used before or too old. Everything you typed is still here: send it again.")


def _found(request: HttpRequest, form: RequestForm, found: intake.NeedsEditing) -> HttpResponse:
    text = form.cleaned_data["text"]
    return _page(
        request,
        form,
        status=422,
        pieces=marking.pieces(text, found.screening),
        reasons=marking.reasons(found.screening),
        acceptance=intake.acceptance(text) if found.screening.verdict == "ask" else "",
    )


def _page(
    request: HttpRequest, form: RequestForm, *, status: int = 200, renew: bool = False, **more: Any
) -> HttpResponse:
    token = form.data.get("token", "") if form.is_bound and not renew else ""
    context = {
        "form": form,
        "wishes": Wish.choices,
        "days": clocks.DAYS,
        "token": token or form_tokens.issue(SUBJECT),
        "challenge": proofs.issue(SUBJECT, level=limits.level(request, school=SUBJECT)),
        **more,
    }
    return render(request, "erasure/ask.html", context, status=status)


@public_form
def enter(request: HttpRequest) -> HttpResponse:
    """Leads from typed words to the page of the request."""
    if request.method != "POST":
        return render(request, "erasure/enter.html", {"form": WordsForm()})
    limits.spend(request, budget="receipt")
    form = WordsForm(request.POST)
    if not form.is_valid():
        return render(request, "erasure/enter.html", {"form": form}, status=422)
    return redirect("erasure:status", words=words.linked(" ".join(request.POST["words"].split())))


@public_form
def status(request: HttpRequest, words: str) -> HttpResponse:  # the address' own name for them
    """How far a request is. A POST takes it back and shows the same page, whatever came of it."""
    limits.spend(request, budget="receipt")
    try:
        fingerprint = _fingerprint(words)
    except ReceiptUnreadable:
        return render(request, "erasure/enter.html", {"form": WordsForm(), "unknown": True}, status=404)
    if request.method == "POST" and "give_up" in request.POST:
        actions.give_up(fingerprint=fingerprint)
    found = progress(fingerprint)
    if found.state == UNKNOWN:
        return render(request, "erasure/enter.html", {"form": WordsForm(), "unknown": True}, status=404)
    return render(request, "erasure/status.html", {"progress": found})


def _fingerprint(text: str) -> bytes:
    return words.fingerprint(text)
