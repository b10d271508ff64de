"""A school's way from a search to a decision, without an account, a cookie or JavaScript."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from geo.directory import matching, search
from geo.directory.models import School
from geo.record import snapshot
from geo.record.vocabulary import Reply
from geo.site import shown
from moderation.corrections.inbox import actions, words
from moderation.corrections.inbox.forms import CorrectionForm, WordsForm
from moderation.corrections.inbox.querysets import UNKNOWN, progress
from moderation.corrections.inbox.vocabulary import Kind
from moderation.intake import actions as intake
from moderation.intake import admission, form_tokens, limits, marking, proofs
from moderation.intake.guards import public_form
from moderation.intake.receipts import ReceiptUnreadable

_LONGEST_SEARCH = 100  # characters
_PROBLEMS = (form_tokens.FormProblem, intake.CarriesFile, intake.ProofSpent)


@public_form
def find(request: HttpRequest) -> HttpResponse:
    """Which school, and for a record's own page which record."""
    text = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    schools = search.find(text=text, limit=40) if text else []
    near = search.nearest_names(text=text) if text and not schools else []
    context = {"q": text, "schools": schools, "near": near, "record": request.GET.get("record", "")[:36]}
    return render(request, "corrections/find.html", context)


@public_form
def ask(request: HttpRequest, school_id: str) -> HttpResponse:
    """The form of one school; a POST is taken, or given back with the reason."""
    school = search.by_id(school_id)
    if school is None:
        return render(request, "corrections/find.html", {"missing": True}, status=404)
    if request.method != "POST":
        form = CorrectionForm(initial={"record": request.GET.get("record", "")[:36]})
        return _page(request, school, form)
    form = CorrectionForm(request.POST)
    try:
        entry = admission.admit(request, school=_subject(school))
    except admission.NeedsWork as needs:
        return _dearer(request, school, form, needs)
    if not form.is_valid():
        return _page(request, school, form, status=422)
    return _submit(request, school, form, entry)


def _subject(school: School) -> str:
    """What budgets and challenges are for: reports about the school have their own."""
    return f"correction-{school.pk}"


def _submit(
    request: HttpRequest, school: School, form: CorrectionForm, entry: admission.Entry
) -> HttpResponse:
    data = form.cleaned_data
    try:
        sent = actions.submit(
            school=school,
            wish=form.wish(),
            token=form_tokens.read(data["token"], school_id=_subject(school), delay=entry.delay),
            proof=entry.proof,
            language=get_language() or "ko",
            accepted=data["accepted"],
        )
    except intake.NeedsEditing as found:
        return _found(request, school, form, found)
    except intake.AlreadyReceived:
        return render(request, "corrections/received.html", {"school": school, "already": True})
    except _PROBLEMS as problem:
        outlived = isinstance(problem, form_tokens.FormExpired | form_tokens.FormForged)
        return _page(request, school, form, status=422, sentence=_sentence_for(problem), renew=outlived)
    limits.note(school=_subject(school))
    context = {"school": school, "sent": sent, "linked": words.linked(sent.words)}
    return render(request, "corrections/received.html", context)


def _dearer(
    request: HttpRequest, school: School, form: CorrectionForm, needs: admission.NeedsWork
) -> HttpResponse:
    message = _("Your device has to calculate longer now. Nothing is lost: send it again.")
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
    if isinstance(problem, intake.CarriesFile):
        return _(
            "The text contains an encoded file. Nothing was stored. Keep pictures yourself, for the police."
        )
    return _("This form was used before or too old. Everything you typed is still here: send it again.")


def _found(
    request: HttpRequest, school: School, form: CorrectionForm, found: intake.NeedsEditing
) -> HttpResponse:
    text = form.cleaned_data["text"]
    return _page(
        request,
        school,
        form,
        status=422,
        pieces=marking.pieces(text, found.screening),
        reasons=marking.reasons(found.screening),
        acceptance=intake.acceptance(text) if found.screening.verdict == "ask" else "",
    )


def _page(
    request: HttpRequest,
    school: School,
    form: CorrectionForm,
    *,
    status: int = 200,
    renew: bool = False,
    **more: Any,
) -> HttpResponse:
    subject = _subject(school)
    token = form.data.get("token", "") if form.is_bound and not renew else ""
    context = {
        "school": school,
        "look_alikes": matching.look_alikes(school),
        "records": _records(school),
        "form": form,
        "kinds": Kind.choices,
        "replies": Reply.choices,
        "token": token or form_tokens.issue(subject),
        "challenge": proofs.issue(subject, level=limits.level(request, school=subject)),
        **more,
    }
    return render(request, "corrections/ask.html", context, status=status)


def _records(school: School) -> list[tuple[str, str]]:
    """The records that the map shows of this school, which are public: id and month."""
    try:
        known = snapshot.current().public.by_school.get(school.pk, ())
    except snapshot.NoSnapshot:
        return []
    return [(record.public_id, shown.month(record.month)) for record in known]


@public_form
def enter(request: HttpRequest) -> HttpResponse:
    """Leads from typed words to the page of the request."""
    if request.method != "POST":
        return render(request, "corrections/enter.html", {"form": WordsForm()})
    limits.spend(request, budget="receipt")
    form = WordsForm(request.POST)
    if not form.is_valid():
        return render(request, "corrections/enter.html", {"form": form}, status=422)
    return redirect("corrections:status", words=words.linked(" ".join(request.POST["words"].split())))


@public_form
def status(request: HttpRequest, words: str) -> HttpResponse:  # the address' own name for them
    """How far a request is. A POST does one thing and shows the same page, whatever came of it."""
    limits.spend(request, budget="receipt")
    try:
        fingerprint = _fingerprint(words)
    except ReceiptUnreadable:
        return render(request, "corrections/enter.html", {"form": WordsForm(), "unknown": True}, status=404)
    done = _do(request, fingerprint) if request.method == "POST" else ""
    found = progress(fingerprint)
    if found.state == UNKNOWN:
        return render(request, "corrections/enter.html", {"form": WordsForm(), "unknown": True}, status=404)
    return render(request, "corrections/status.html", {"progress": found, "done": done})


def _fingerprint(text: str) -> bytes:
    return words.fingerprint(text)


def _do(request: HttpRequest, fingerprint: bytes) -> str:
    """One of three buttons; the sentence depends on the button alone."""
    if "code" in request.POST:
        actions.type_code(fingerprint=fingerprint, code=request.POST["code"][:40])
        return _("The code is noted. If it is right, the team confirms it; the state below changes then.")
    if "appeal" in request.POST:
        actions.appeal(fingerprint=fingerprint)
        return ""
    if "give_up" in request.POST:
        actions.give_up(fingerprint=fingerprint)
    return ""
