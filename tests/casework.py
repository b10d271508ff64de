"""Builds casework for tests through the real actions: a school, a team, and a case in any state.

Rows that only imports or the owner make (regions, schools, publishers, members) are inserted directly;
everything after that is done by `moderation.review.actions`, as a person would do it.
"""

import contextlib
import datetime as dt
import itertools
import secrets
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.contrib.gis.geos import Point
from django.db import connection, transaction
from django.utils import timezone

from geo.directory.models import Region, School
from geo.record.models import Publisher
from geo.record.refusals import Refused
from moderation.intake.models import Submission
from moderation.review import actions, team
from moderation.review.models import Case, Member, Notice, Proposal
from moderation.review.vocabulary import Role
from moderation.staff.models import Account

PASSPHRASE = "correct horse battery staple"
MONTH = dt.date(2026, 8, 1)
_numbers = itertools.count(1)


@contextlib.contextmanager
def refused(code: str) -> Iterator[None]:
    """The database says no inside, for this reason."""
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code


def region(code: str = "11680", *, parent: str = "11") -> Region:
    province, _ = Region.objects.get_or_create(
        code=parent,
        defaults={
            "level": "province",
            "name_ko": "보기도",
            "name_en": "Example",
            "valid_from": dt.date(2024, 1, 1),
        },
    )
    district, _ = Region.objects.get_or_create(
        code=code,
        defaults={
            "level": "district",
            "parent": province,
            "name_ko": "보기구",
            "name_en": "Example-gu",
            "valid_from": dt.date(2024, 1, 1),
        },
    )
    return district


def school(
    *, pupils: int | None = 500, level: str = "middle", district: str = "11680", name: str = ""
) -> School:
    number = next(_numbers)
    return School.objects.create(
        id=f"X9T{number:07d}",
        name=name or f"보기{number}중학교",
        level=level,
        founding="public",
        status="operating",
        branch="main",
        region=region(district),
        point=Point(127.0 + number % 1000 / 1000, 37.5, srid=4326),
        located="register",
        pupils=pupils,
        register_date=dt.date(2026, 3, 20),
    )


def publisher(*, kind: str = "police", code: str = "") -> Publisher:
    code = code or f"{kind}-{next(_numbers)}"
    return Publisher.objects.create(
        code=code,
        kind=kind,
        name_ko="보기",
        name_en="Example",
        url=f"https://{code}.example.org/{{article}}",
        article_pattern="[0-9]{4,12}",
    )


def member(
    role: str = Role.REVIEWER, *, inviters: tuple[Member, Member] | None = None, passphrase: str = PASSPHRASE
) -> Member:
    """A member whose passphrase has a low-cost hash: the cost is what the tests do not test."""
    account = Account.objects.create_user(
        email=f"person{next(_numbers)}@example.org", password=None, name="Person"
    )
    first, second = inviters or (None, None)
    made = Member.objects.create(account=account, role=role, invited_by=first, seconded_by=second)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE review_member SET secret = crypt(%s, gen_salt('bf', 4)) WHERE id = %s",
            [passphrase, made.pk],
        )
    return made


def declare_tie(*, by: Member, passphrase: str = PASSPHRASE, **tie: str | None) -> None:
    """As that person does, with the passphrase."""
    team.declare_tie(by=by, passphrase=passphrase, **tie)


def submission(
    at: School, *, how_known: str = "victim", month: dt.date = MONTH, **fields: object
) -> Submission:
    """A report from a network of its own; give `received_at` to reports that must not share a minute."""
    fields.setdefault("network", secrets.token_bytes(16))
    return Submission.objects.create(
        school=at,
        kind="pupils",
        month=month,
        how_known=how_known,
        receipt_hash=f"receipt {next(_numbers)}".encode().ljust(32, b"."),
        language="ko",
        **fields,
    )


def case(at: School | None = None, **fields: object) -> Case:
    return gathered(submission(at or school(), **fields))


def gathered(held: Submission) -> Case:
    """The case into which the inbox puts a report."""
    actions.gather_inbox()
    with transaction.atomic():  # a worker that runs beside may be gathering it just now
        Submission.objects.select_for_update().get(pk=held.pk)
    return Case.objects.get(gathered__submission=held)


def current(of: Case) -> Case:
    return Case.objects.select_related("school").get(pk=of.pk)


def add_evidence(
    to: Case, *, by: Member, grade: str = "A", kind: str = "police", article: str = "20260801"
) -> None:
    actions.add_evidence(
        case=to.pk,
        grade=grade,
        publisher=publisher(kind=kind),
        article=article,
        names_nobody=True,
        by=by,
        revision=current(to).revision,
    )


def propose(of: Case, *, by: Member, kind: str = "publish", reason: str = "confirmed") -> Proposal:
    return actions.propose(
        case=of.pk,
        kind=kind,
        month=of.month,
        reason=reason,
        by=by,
        passphrase=PASSPHRASE,
        revision=current(of).revision,
    )


def told_long_ago(case: Case, *, by: Member) -> None:
    """The school was told in time (SAFEGUARDS B10); only the owner can make that so without waiting."""
    long_ago = timezone.now() - dt.timedelta(days=4)
    Notice.objects.create(
        case=case, channel="letter", member=by, at=long_ago, ends_at=long_ago + dt.timedelta(hours=48)
    )


def decide(draft: Proposal, *, by: Member, verdict: str = "approve", **changed: object) -> Case:
    arguments: dict[str, object] = {
        "shown": bytes(draft.hash),
        "passphrase": PASSPHRASE,
        "reason": "sufficient" if verdict == "approve" else "weak_evidence",
        "district": draft.school.region_id,
    }
    return actions.decide(proposal=draft.pk, by=by, verdict=verdict, **{**arguments, **changed})


def drafted(*, by: Member, at: School | None = None, grade: str = "A") -> Proposal:
    made = case(at)
    add_evidence(made, by=by, grade=grade)
    return propose(made, by=by)


def published(*, at: School | None = None) -> UUID:
    """The public id of a record that two people approved."""
    one, two = member(), member()
    draft = drafted(by=one, at=at)
    decide(draft, by=one)
    decide(draft, by=two)
    return draft.record
