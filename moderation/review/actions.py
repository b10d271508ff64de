"""What people and the worker do in casework. Each action is one transaction with its audit event.

Actions lock the case first, recheck, write, and tell others after the commit.
"""

import datetime as dt
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max

from geo.record import publishing
from geo.record.models import Publisher
from geo.record.refusals import Refused, call
from moderation.audit import actions as audit
from moderation.intake import sealing
from moderation.intake.models import Answer, Question, Submission, SubmissionProgress
from moderation.intake.vocabulary import Progress, QuestionCode, VerdictReason
from moderation.review import grouping, permissions, transitions
from moderation.review.models import Case, CaseSubmission, Decided, Evidence, Member, Proposal
from moderation.review.querysets import ungathered
from moderation.review.vocabulary import CaseState, GroupedBy, Verdict

BATCH = 500  # submissions that the worker gathers in one transaction
TOLD = {  # what a receipt shows of a decision
    CaseState.PUBLISHED: Progress.PUBLISHED,
    CaseState.REJECTED: Progress.NOT_PUBLISHED,
    CaseState.INFORMATION: Progress.INFORMATION,
}


class Stale(Exception):
    """Somebody changed the case since this page was made."""


def gather_inbox() -> int:
    """Puts new submissions into cases; the worker calls it again and again.

    Returns:
        how many submissions it gathered.
    """
    with transaction.atomic():
        submissions = list(ungathered()[:BATCH])
        for (school, month), some in _by_school_and_month(submissions).items():
            _gather(school=school, month=month, submissions=some)
    return len(submissions)


def _by_school_and_month(submissions: list[Submission]) -> dict[tuple[str, dt.date], list[Submission]]:
    """In one order for all workers, so that two of them never wait for each other in a circle."""
    found: dict[tuple[str, dt.date], list[Submission]] = {}
    for submission in submissions:
        found.setdefault((submission.school_id, submission.month), []).append(submission)
    return dict(sorted(found.items()))


def _gather(*, school: str, month: dt.date, submissions: list[Submission]) -> None:
    """Adds submissions to the open case of their school and month, or opens one (SAFEGUARDS B4).

    The case's revision stays: reports that come in must not make what a reviewer is typing stale.
    """
    with connection.cursor() as cursor:  # two workers, one school: one case
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"case {school} {month}"])
    case = Case.objects.filter(school_id=school, month=month).exclude(state__in=transitions.CLOSED).first()
    if case is None:
        case = Case.objects.create(school_id=school, month=month)
        audit.record(by=None, action="opened", subject="case", subject_id=case.pk)
    grouping.add(case=case, submissions=submissions)
    code = Progress.IN_REVIEW
    SubmissionProgress.objects.bulk_create(SubmissionProgress(submission=s, code=code) for s in submissions)
    names = [str(submission.pk) for submission in submissions]
    audit.record(by=None, action="gathered", subject="case", subject_id=case.pk, submissions=names)
    Case.objects.filter(pk=case.pk).update(grade=call("review_grade", case.pk))


@transaction.atomic
def split(*, case: UUID, submissions: list[UUID], by: Member, revision: int) -> int:
    """Takes reports out of their groups into a group of their own; returns its number (SAFEGUARDS B4).

    They still count as one for grade D where network or minute are the same: `review_independent`.

    Raises:
        Refused, Stale
    """
    locked = _locked(case, revision=revision)
    permissions.check_change(by=by, case=locked)
    rows = CaseSubmission.objects.filter(case=locked, submission__in=submissions)
    if not submissions or rows.count() != len(set(submissions)):
        raise Refused("unknown_case")
    last: int = locked.gathered.aggregate(last=Max("group"))["last"]
    rows.update(group=last + 1, grouped_by=GroupedBy.SPLIT)
    _change(locked)
    names = sorted(str(submission) for submission in submissions)
    audit.record(by=by.pk, action="split", subject="case", subject_id=case, group=last + 1, submissions=names)
    return last + 1


@transaction.atomic
def join(*, case: UUID, groups: list[int], by: Member, revision: int) -> int:
    """Makes one group of several; returns its number.

    Raises:
        Refused, Stale
    """
    locked = _locked(case, revision=revision)
    permissions.check_change(by=by, case=locked)
    found = set(locked.gathered.filter(group__in=groups).values_list("group", flat=True))
    if len(found) < 2 or found != set(groups):
        raise Refused("unknown_case")
    kept = min(found)
    locked.gathered.filter(group__in=found - {kept}).update(group=kept, grouped_by=GroupedBy.JOINED)
    _change(locked)
    audit.record(by=by.pk, action="joined", subject="case", subject_id=case, groups=sorted(found))
    return kept


@transaction.atomic
def claim(*, case: UUID, by: Member, revision: int) -> Case:
    """Takes a case on; a colleague may take it over, which the audit shows."""
    locked = _locked(case, revision=revision)
    permissions.check_change(by=by, case=locked)
    _change(locked, claimed_by=by)
    audit.record(by=by.pk, action="claimed", subject="case", subject_id=case)
    return locked


@transaction.atomic
def assign(*, case: UUID, to: Member, by: Member, revision: int) -> None:
    """Gives a case to a colleague who may work on it.

    Raises:
        Refused: either of the two has no casework role or a tie to the school.
        Stale: the case changed since the page was made.
    """
    locked = _locked(case, revision=revision)
    permissions.check_change(by=by, case=locked)
    permissions.check_change(by=to, case=locked)
    _change(locked, claimed_by=to)
    audit.record(by=by.pk, action="assigned", subject="case", subject_id=case, to=to.pk)


@transaction.atomic
def close_duplicate(*, case: UUID, by: Member, revision: int) -> None:
    """Closes a case whose school and month are on the map already; nothing public changes, so one person may.

    Raises:
        Refused: the case is about a record itself, or no record of this school and month stands.
        Stale: the case changed since the page was made.
    """
    locked = _locked(case, revision=revision)
    permissions.check_change(by=by, case=locked)
    if locked.record or call("record_about", locked.school_id, locked.month) is None:
        raise Refused("no_duplicate")
    _change(locked, event="duplicate")
    _tell_reporters(locked, TOLD[CaseState.REJECTED], reason=VerdictReason.DUPLICATE)
    call("review_forget", locked.pk)
    audit.record(by=by.pk, action="duplicate", subject="case", subject_id=case)


@transaction.atomic
def add_evidence(
    *,
    case: UUID,
    grade: str,
    publisher: Publisher | None,
    article: str,
    names_nobody: bool,
    by: Member,
    revision: int,
) -> Evidence:
    """Adds what a reviewer found; a change of the evidence needs a new draft."""
    locked = _locked(case, revision=revision)
    permissions.check_change(by=by, case=locked)
    evidence = Evidence.objects.create(
        case=locked, grade=grade, publisher=publisher, article=article, names_nobody=names_nobody, added_by=by
    )
    _change(locked)
    audit.record(
        by=by.pk, action="evidence", subject="case", subject_id=case, evidence=evidence.pk, grade=grade
    )
    return evidence


@transaction.atomic
def propose(
    *, case: UUID, kind: str, month: dt.date, reason: str, by: Member, passphrase: str, revision: int
) -> Proposal:
    """Prepares the draft of exactly what would become public.

    Raises:
        Refused: the database's rules (sql/decide.sql, review_propose).
        Stale: the case changed since the page was made.
    """
    locked = _locked(case, revision=revision)
    permissions.check_change(by=by, case=locked)
    if locked.state == CaseState.INFORMATION:
        _tell_reporters(locked, Progress.IN_REVIEW)
    proposal = call("review_propose", by.pk, passphrase, case, kind, month, reason)
    _change(locked, event="proposed")
    return Proposal.objects.get(pk=proposal)


def decide(
    *,
    proposal: UUID,
    shown: bytes,
    by: Member,
    passphrase: str,
    verdict: str,
    reason: str,
    district: str | None,
) -> Case:
    """Gives one person's verdict over the hash that they were shown; the second approval publishes.

    Raises:
        Refused: the database's rules (sql/decide.sql, review_decide; sql/publish.sql, record_publish). Refused
            by a brake, the verdict is not given either; the brake then stands in the queue.
        NotAllowed: the case is in a state in which nobody decides.
    """
    try:
        return _decide(proposal, shown, by, passphrase, verdict, reason, district)
    except Refused as refusal:
        if refusal.code == "brake":  # what the refused transaction wrote is undone: told in one of its own
            publishing.note_brake(proposal=proposal)
        raise


@transaction.atomic
def _decide(
    proposal: UUID,
    shown: bytes,
    by: Member,
    passphrase: str,
    verdict: str,
    reason: str,
    district: str | None,
) -> Case:
    case = Case.objects.select_for_update(of=("self",)).get(proposals=proposal)
    outcome = call("review_decide", proposal, shown, by.pk, passphrase, verdict, reason, district)
    _change(case, event=outcome)
    if outcome == "approved":
        publishing.publish(proposal=proposal)
    if case.state in TOLD:
        _tell_reporters(case, TOLD[CaseState(case.state)], reason=_deciding_reason(proposal, case.state))
    if case.state == CaseState.REJECTED:
        publishing.settle_rejected(case=case.pk)
    if case.state in transitions.CLOSED:
        call("review_forget", case.pk)
    audit.record(by=by.pk, action="moved", subject="case", subject_id=case.pk, state=case.state)
    return case


@transaction.atomic
def reveal(*, submission: Submission, case: Case, by: Member, part: str) -> str:
    """Opens one sealed text; every reading is an audit event (SAFEGUARDS A5).

    `part` is "text" or "contact". Only the staff process holds the key.
    """
    permissions.check_case(by=by, case=case)
    if not case.gathered.filter(submission=submission).exists():
        raise Refused("unknown_case")
    sealed = submission.sealed_text if part == "text" else submission.sealed_contact
    audit.record(by=by.pk, action="revealed", subject="submission", subject_id=submission.pk, part=part)
    return sealing.open_sealed(bytes(sealed), purpose="casework") if sealed else ""


@transaction.atomic
def ask(*, case: UUID, submission: UUID, question: str, by: Member) -> Question:
    """Asks the reporter one of `QuestionCode`; they see it, and answer, by receipt (SAFEGUARDS C5).

    Raises:
        Refused: no such open case of this person, no such report in it, or it was asked before.
    """
    locked = Case.objects.select_related("school__region").select_for_update(of=("self",)).get(pk=case)
    permissions.check_case(by=by, case=locked)
    if locked.state in transitions.CLOSED:
        raise Refused("decided_meanwhile")
    if question not in QuestionCode.values or not locked.gathered.filter(submission=submission).exists():
        raise Refused("unknown_question")
    asked, new = Question.objects.get_or_create(submission_id=submission, code=question)
    if not new:
        raise Refused("asked_before")
    audit.record(
        by=by.pk,
        action="asked",
        subject="case",
        subject_id=case,
        submission=str(submission),
        question=question,
    )
    return asked


@transaction.atomic
def reveal_answer(*, answer: Answer, case: Case, by: Member) -> str:
    """Opens what a reporter wrote beside a coded answer; every reading is an audit event (SAFEGUARDS A5)."""
    permissions.check_case(by=by, case=case)
    submission = answer.question.submission_id
    if not case.gathered.filter(submission=submission).exists():
        raise Refused("unknown_case")
    audit.record(by=by.pk, action="revealed", subject="submission", subject_id=submission, part="answer")
    sealed = answer.sealed_text
    return sealing.open_sealed(bytes(sealed), purpose="casework") if sealed else ""


@transaction.atomic
def hide(*, record: UUID, reason: str, hours: int, by: Member, passphrase: str) -> dt.datetime:
    """Hides a record at once, alone, and opens the case in which two others decide (SAFEGUARDS B7).

    Returns:
        the end of the hide.

    Raises:
        Refused: the database's rules (sql/hide.sql, review_hide).
    """
    cases = Case.objects.filter(record=record, decided_at=None)
    list(cases.select_for_update().values("pk"))  # before the log's lock: the order in which decisions lock
    until = publishing.hide(record=record, reason=reason, hours=hours, who=by.pk, passphrase=passphrase)
    cases.filter(due_at__gt=until).update(due_at=until)
    return until


def reopen(*, record: UUID, by: Member, passphrase: str) -> Case:
    """Opens a case about a public record, in which two others correct, withdraw or confirm it again."""
    return Case.objects.get(pk=call("review_reopen", by.pk, passphrase, record))


def open_checks() -> int:
    """Puts records whose check is due within 14 days into the queue (SAFEGUARDS B9); the worker calls it."""
    opened: int = call("review_open_checks")
    return opened


@transaction.atomic
def pause(*, kind: str, region: str | None, reason: str, hours: int, by: Member, passphrase: str) -> None:
    """A senior switches intake, publication or reading off for some hours (SAFEGUARDS F2)."""
    publishing.pause(kind=kind, region=region, reason=reason, hours=hours, who=by.pk, passphrase=passphrase)


@transaction.atomic
def end_pause(*, pause: int, by: Member, passphrase: str) -> None:
    """A senior ends a pause early; of publication or reading, another one than who began it."""
    publishing.end_pause(pause=pause, who=by.pk, passphrase=passphrase)


def release_brake(*, brake: int, amount: int, by: Member, passphrase: str) -> None:
    """A senior lets some more publications of a region through (SAFEGUARDS B8).

    Raises:
        Refused: the database's rules (sql/brake.sql, review_release_brake).
    """
    call("review_release_brake", by.pk, passphrase, brake, amount)


def _locked(case: UUID, *, revision: int) -> Case:
    locked = Case.objects.select_related("school__region").select_for_update(of=("self",)).get(pk=case)
    if locked.revision != revision:
        raise Stale(locked.revision)
    return locked


def _change(case: Case, *, event: str = "", claimed_by: Member | None = None) -> None:
    """Writes the case's new state by the table of transitions; the only place that does."""
    fields = ["revision", "grade"]
    case.revision += 1
    case.grade = call("review_grade", case.pk)
    if event:
        case.state = transitions.target(case.state, event)
        case.decided_at = call("review_move", case.pk, case.state)
    if claimed_by:
        case.claimed_by = claimed_by
        fields.append("claimed_by")
    case.save(update_fields=fields)


def _tell_reporters(case: Case, code: Progress, *, reason: str = "") -> None:
    SubmissionProgress.objects.bulk_create(
        SubmissionProgress(submission_id=pk, code=code, reason=reason)
        for pk in case.gathered.values_list("submission_id", flat=True)
    )


def _deciding_reason(proposal: UUID, state: str) -> str:
    """Why, in the code of whoever gave the verdict that decided; the second person's where both agree."""
    verdict = {CaseState.PUBLISHED: Verdict.APPROVE, CaseState.REJECTED: Verdict.REJECT}
    said = Decided.objects.filter(
        proposal=proposal, verdict=verdict.get(CaseState(state), Verdict.INFORMATION)
    )
    return said.order_by("-at").values_list("reason", flat=True).first() or ""
