"""What a receipt opens: the state of one report, the questions of its reviewers, and its deletion.

The words travel in the body of a form, never in an address, and nothing here is kept by a browser.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from moderation.intake import actions, limits, marking
from moderation.intake.forms import ANSWER_LENGTH, AnswerForm, ReceiptForm
from moderation.intake.guards import public_form
from moderation.intake.querysets import questions, receipt_state
from moderation.intake.screening import masked
from moderation.intake.vocabulary import AnswerCode, Progress, VerdictReason


@public_form
def status(request: HttpRequest) -> HttpResponse:
    """The state of a report, and what its reviewers ask."""
    form = ReceiptForm(request.POST or None)
    if request.method != "POST":
        return render(request, "intake/status.html", {"form": form})
    limits.spend(request, budget="receipt")
    return _state(request, form)


@public_form
def answer(request: HttpRequest) -> HttpResponse:
    """Takes one answer, or gives it back with the reason."""
    if request.method != "POST":
        return render(request, "intake/status.html", {"form": ReceiptForm()})
    limits.spend(request, budget="receipt")
    form = AnswerForm(request.POST)
    if "mask" in request.POST:
        return _masked(request)
    if not form.is_valid():
        return _state(request, form, typed=form, status=422)
    data = form.cleaned_data
    try:
        outcome = actions.answer(
            receipt=data["words"],
            question=data["question"],
            code=data["answer"],
            text=data["text"],
            accepted=data["accepted"],
        )
    except actions.NeedsEditing as found:
        return _state(request, form, typed=form, status=422, **_marked(data["text"], found))
    except actions.CarriesFile:
        said = _(
            "The text contains an encoded file. Nothing was stored. Keep pictures yourself, for the police."
        )
        return _state(request, form, typed=form, status=422, sentence=said)
    return _state(request, form, sentence=_outcome(outcome))


@public_form
def withdraw(request: HttpRequest) -> HttpResponse:
    """Deletes what was written under a receipt."""
    form = ReceiptForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST":
        limits.spend(request, budget="receipt")
        if not form.is_valid():
            return render(request, "intake/withdraw.html", context, status=422)
        context["outcome"] = actions.withdraw(receipt=form.cleaned_data["words"])
    return render(request, "intake/withdraw.html", context)


def _state(
    request: HttpRequest,
    form: ReceiptForm,
    *,
    typed: AnswerForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page for whoever typed the words in `form`; `typed` is an answer that is given back."""
    form.is_valid()
    receipt = form.cleaned_data.get("words")
    if receipt is None:
        return render(request, "intake/status.html", {"form": form}, status=422)
    state = receipt_state(receipt)
    context = {
        "form": form,
        "state": state,
        "label": Progress(state.code).label if state.code in Progress.values else "",
        "reason": VerdictReason(state.reason).label if state.reason in VerdictReason.values else "",
        "asked": questions(receipt),
        "open": state.code in (Progress.RECEIVED, Progress.IN_REVIEW, Progress.INFORMATION),
        "answers": AnswerCode.choices,
        "typed": typed,
        "given": typed.data.get("question", "") if typed else "",
        "longest": ANSWER_LENGTH,
        **more,
    }
    return render(request, "intake/status.html", context, status=status)


def _masked(request: HttpRequest) -> HttpResponse:
    """The answer with every found place replaced, for its author to read again; nothing is stored."""
    data = request.POST.copy()
    if len(data.get("text", "")) <= 2 * ANSWER_LENGTH:
        data["text"] = masked(data.get("text", ""))
    form = AnswerForm(data)
    form.is_valid()
    said = _("The marked places are replaced. Read the text again, then send it.")
    return _state(request, form, typed=form, sentence=said)


def _marked(text: str, found: actions.NeedsEditing) -> dict[str, Any]:
    return {
        "pieces": marking.pieces(text, found.screening),
        "reasons": marking.reasons(found.screening),
        "acceptance": actions.acceptance(text) if found.screening.verdict == "ask" else "",
    }


def _outcome(outcome: str) -> str:
    return {
        "taken": _("Your answer is stored, sealed. The reviewers see it."),
        "answered": _("This question was answered before. Nothing was changed."),
        "over": _("The report is decided or withdrawn, so no answer is taken any more."),
    }.get(outcome, _("There is no such question to this report."))
