"""What is kept of every private field, for how long and why, as data (SAFEGUARDS A5, B4, C4).

The worker applies it every ten minutes (`mapsite.tasks`); the check `mapsite.E002` fails while a private field is
missing here. What a reporter withdraws goes at once, in the database function `intake_withdraw`; what a decision
makes superfluous goes with it, in `review_forget`; the rules below catch whatever these did not see.
The audit trail and the public log are never touched.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db import models
from django.db.models import Q

from moderation.erasure import transitions as erasures

NOW = dt.timedelta(0)
HOURS = dt.timedelta(hours=23)  # and the job comes every ten minutes: within 24 hours
ALL = Q()
DECISION = "decision"  # of the case that gathered a submission


@dataclass(frozen=True)
class Keep:
    """Stays with its row."""

    reason: str


@dataclass(frozen=True)
class Forget:
    """The field becomes NULL `after` a moment: a field of the row, or `DECISION`.

    `report` leads from the row to the submission of which it is a part; rows other than `only` keep it.
    """

    after: dt.timedelta
    since: str
    reason: str
    report: str = "pk"
    only: Q = ALL


@dataclass(frozen=True)
class Remove:
    """The whole row goes `after` a moment: a field of the row or of what it points to."""

    after: dt.timedelta
    since: str
    reason: str
    only: Q = ALL


CODES = Keep("codes and identifiers of casework, which explain a decision; no text")
HISTORY = Keep("who did what; history outlives its subject (SAFEGUARDS E1)")
PERSON = Keep("a member of the team, as long as their decisions have to be explained")
ACCOUNT = Keep("signing in; goes with the account")
CATALOGUE = Keep("Django's own catalogue; holds nothing of anybody")
CONTACT = Forget(dt.timedelta(days=90), DECISION, "questions and an appeal are over (SAFEGUARDS C4)")
TEXT = Forget(dt.timedelta(days=365), DECISION, "the longest until a record is checked again (SAFEGUARDS B9)")
ANSWER = dataclasses.replace(TEXT, report="question__submission")
ASKED = Forget(
    dt.timedelta(days=90),
    "handling__since",
    "no step for so long: decided, or ended, and appealed (SAFEGUARDS D5)",
)
ANSWERED = dataclasses.replace(ASKED, only=Q(handling__state__in=erasures.OVER))  # `erasure_tidy` ends others
DERIVED = Forget(NOW, DECISION, "only the group is kept (SAFEGUARDS B4)")
NETWORK = Forget(HOURS, "received_at", "its key is forgotten at midnight (SAFEGUARDS C4)")

# Model → rule → its fields; "*" are all fields, for rows that go as a whole and for other people's tables.
TABLE: dict[str, dict[Keep | Forget | Remove, str]] = {
    "intake.Submission": {
        CODES: "id school kind month how_known language received_at",
        Keep("a hash; the reporter's way to see what became of it (SAFEGUARDS C5)"): "receipt_hash",
        TEXT: "sealed_text",
        CONTACT: "sealed_contact",
        NETWORK: "network",
        DERIVED: "signature links",
    },
    "intake.SubmissionProgress": {CODES: "id submission code reason at"},
    "intake.Question": {CODES: "id submission code asked_at"},
    "intake.Answer": {CODES: "question code answered_at", ANSWER: "sealed_text"},
    "intake.Partner": {
        Keep("an organisation that may report; a revoked one stays, so that its key never works again"): (
            "id name key_hash active made_at"
        )
    },
    "intake.SpentForm": {Remove(NOW, "expires_at", "the form itself has expired"): "*"},
    "intake.SpentChallenge": {Remove(NOW, "expires_at", "the challenge itself has expired"): "*"},
    "alerts.Request": {
        Remove(
            dt.timedelta(days=1), "received_at", "the worker reads it within seconds, and then it is gone"
        ): "*"
    },
    "alerts.Subscription": {
        Remove(
            dt.timedelta(hours=48), "asked_at", "nobody confirmed it (SAFEGUARDS C4)", Q(confirmed_at=None)
        ): "",
        Keep("as long as the subscriber wants to be told; every mail ends it with one click"): (
            "id way address sealed token_hash school region language asked_at confirmed_at"
        ),
    },
    "alerts.Announcement": {CODES: "index action reason record school region at settled_at"},
    "alerts.Batch": {
        Remove(dt.timedelta(days=7), "announcement__at", "a week later it is no news any more"): "*"
    },
    "corrections_inbox.Correction": {
        CODES: "id reference school record kind replies language received_at",
        Keep("a hash; the school's way to see what became of it (SAFEGUARDS D5)"): "words_hash",
        ASKED: "sealed_text sealed_document sealed_mail",
    },
    "corrections.Handling": {
        CODES: "correction state since acknowledged_at proved_at notified_at notified_by channel"
        " objection_until disputed_at case hide decided_at outcome reason grade appealed_at appeal"
    },
    "corrections.Proof": {
        CODES: "id correction kind made_by made_at expires_at tries failed matched_at confirmed_by"
        " confirmed_at",
        Keep("a hash; gone when the code is matched or its time is over (corrections_tidy)"): "code_hash",
    },
    "corrections.Judgement": {HISTORY: "id correction stage member verdict reason at"},
    "corrections.Sent": {HISTORY: "id correction what at"},
    "erasure_inbox.Request": {
        CODES: "id reference wish language received_at",
        Keep("a hash; the way of whoever asked to see what became of it"): "words_hash",
        ANSWERED: "named_hash sealed_text sealed_mail",
    },
    "erasure.Handling": {
        HISTORY: "request state since proposed_by proposed_at verdict ground decided_by decided_at",
        Keep("says nothing without the salt (SAFEGUARDS E2)"): "commitment",
        dataclasses.replace(ASKED, since="decided_at"): "salt",
    },
    "erasure.Item": {Remove(ASKED.after, "request__handling__decided_at", ASKED.reason): "*"},
    "erasure.Sent": {HISTORY: "id request what at"},
    "review.Case": {
        CODES: "id kind school month state record entered_by claimed_by revision opened_at due_at grade"
        " decided_at"
    },
    "review.CaseSubmission": {CODES: "id case submission group grouped_by origin"},
    "review.GroupMark": {
        Remove(HOURS, "submission__received_at", NETWORK.reason, Q(kind="network")): "",
        Remove(NOW, "case__decided_at", DERIVED.reason): "*",
    },
    "review.NoticeWindow": {CODES: "id hours"},
    "review.Notice": {CODES: "id case channel member at ends_at"},
    "review.Evidence": {CODES: "id case grade publisher article names_nobody added_by added_at"},
    "review.LinkCheck": {CODES: "id publisher article state since confirmed_at digest checked_at"},
    "review.Proposal": {
        CODES: "id case kind record base_version school school_version names_school region month grade"
        " reason sources proposed_by hash created_at"
    },
    "review.Approval": {HISTORY: "id proposal hash member verdict reason at"},
    "review.SecondLook": {HISTORY: "id proposal member agrees reason at"},
    "review.Hide": {HISTORY: "hide record member until"},
    "review.BrakeRelease": {HISTORY: "id brake member amount left at ends_at"},
    "review.Member": {PERSON: "id account role invited_by seconded_by secret active joined_at"},
    "review.Tie": {PERSON: "id member kind school region declared_at"},
    "review.TeamChange": {
        PERSON: "id kind email name role code_hash member started_by started_at ends_at confirmed_by"
        " confirmed_at"
    },
    "audit.AuditEvent": {HISTORY: "id at role member proven action subject subject_id detail"},
    "register.Change": {
        HISTORY: "id kind subject before after hash asked_by asked_at confirmed_by confirmed_at dropped_by"
        " dropped_at"
    },
    "register.OfficialFile": {
        HISTORY: "id kind digest base opened_by opened_at asked_by asked_at asked_hash applied_by applied_at"
        " dropped_by dropped_at"
    },
    "register.FileRows": {
        Keep("an official register's public rows; gone when the file is applied or dropped"): "file rows"
    },
    "register.Difference": {HISTORY: "id file line school name kinds changes metres note choice chosen_by"},
    "staff.Account": {PERSON: "id password last_login email name is_active joined_at shortcuts"},
    "staff.EnrolmentLink": {
        Remove(dt.timedelta(days=30), "expires_at", "nobody can use it or asks about it any more"): "*"
    },
    "training.Attempt": {
        Remove(
            dt.timedelta(days=365), "at", "what somebody practised a year ago is to be practised again"
        ): "*"
    },
    "sessions.Session": {Remove(NOW, "expire_date", "the session is over"): "*"},
    "account.EmailAddress": {ACCOUNT: "*"},
    "account.EmailConfirmation": {ACCOUNT: "*"},
    "mfa.Authenticator": {ACCOUNT: "*"},
    "auth.Permission": {CATALOGUE: "*"},
    "auth.Group": {CATALOGUE: "*"},
    "auth.Group_permissions": {CATALOGUE: "*"},
    "contenttypes.ContentType": {CATALOGUE: "*"},
}
# Nothing of theirs is private: the public half, PostGIS's catalogue, and jobs, whose arguments are codes.
NOT_PRIVATE = frozenset({"directory", "record", "gis", "procrastinate"})
_OURS = frozenset(
    {
        "erasure",
        "erasure_inbox",
        "training",
        "alerts",
        "intake",
        "review",
        "audit",
        "staff",
        "corrections",
        "corrections_inbox",
        "register",
    }
)


def apply(*, now: dt.datetime) -> dict[str, int]:
    """Forgets and removes what is over at `now`; returns the rows touched, by "Model.field" or "Model"."""
    done: dict[str, int] = {}
    for label, rules in TABLE.items():
        model = apps.get_model(label)
        for rule, fields in rules.items():
            if isinstance(rule, Remove):
                over = Q(**{f"{rule.since}__lt": now - rule.after}) & rule.only
                gone = model._default_manager.filter(over)
                done[label] = done.get(label, 0) + gone._raw_delete(gone.db)
            elif isinstance(rule, Forget):
                for field in fields.split():
                    done[f"{label}.{field}"] = _forget(model, field, rule, now)
    return done


def _forget(model: type[models.Model], field: str, rule: Forget, now: dt.datetime) -> int:
    held = model._default_manager.filter(rule.only, **{f"{field}__isnull": False})
    if rule.since == DECISION:
        gathered = apps.get_model("review.CaseSubmission")._default_manager
        over = gathered.filter(case__decided_at__lt=now - rule.after)
        return held.filter(**{f"{rule.report}__in": over.values("submission")}).update(**{field: None})
    return held.filter(**{f"{rule.since}__lt": now - rule.after}).update(**{field: None})


def unclassified() -> Iterator[str]:
    """Private fields without a rule, and rules without a field; "" when all is well."""
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if model._meta.app_label in NOT_PRIVATE or (not model._meta.managed and label not in TABLE):
            continue
        rules = TABLE.get(label, {})
        classified = [field for fields in rules.values() for field in fields.split()]
        whole = any("*" in fields and _may_be_whole(label, rule) for rule, fields in rules.items())
        existing = {field.name for field in model._meta.concrete_fields}
        if not whole:
            yield from (f"{label}.{name} has no rule" for name in sorted(existing - set(classified)))
        yield from (f"{label}.{name} does not exist" for name in sorted(set(classified) - existing - {"*"}))
        yield from (
            f"{label}.{name} has two rules" for name in sorted(set(classified)) if classified.count(name) > 1
        )


def _may_be_whole(label: str, rule: Any) -> bool:
    """A new field of our own tables is somebody's decision, unless its row goes as a whole."""
    return isinstance(rule, Remove) or label.partition(".")[0] not in _OURS


@register()
def every_private_field_has_a_rule(**_: object) -> list[CheckMessage]:
    """A new private field fails until somebody has decided how long it is kept."""
    return [Error(f"mapsite.retention.TABLE: {problem}", id="mapsite.E002") for problem in unclassified()]
