"""Each refusal asked of the database directly, past the checks that Python makes (SAFEGUARDS B3–B6)."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable

import pytest
from django.db import connection

from geo.directory.models import School
from geo.record.models import ImpactRecord
from geo.record.refusals import Refused, call
from moderation.review.models import Case, Member, Proposal
from moderation.staff.models import EnrolmentLink
from tests import casework
from tests.casework import MONTH, PASSPHRASE

pytestmark = pytest.mark.django_db


def refusal(function: str, *arguments: object) -> str:
    with pytest.raises(Refused) as caught:
        call(function, *arguments)
    return caught.value.code


def propose(who: Member, case: uuid.UUID, *, kind: str = "publish", month: dt.date = MONTH) -> str:
    return refusal("review_propose", who.pk, PASSPHRASE, case, kind, month, "confirmed")


def decide(draft: Proposal, who: Member, *, verdict: str = "approve") -> str:
    return str(
        call(
            "review_decide",
            *(draft.pk, bytes(draft.hash), who.pk, PASSPHRASE, verdict, "sufficient", draft.school.region_id),
        )
    )


def approved_twice() -> tuple[Proposal, Member, Member]:
    """Two approvals over a draft that nobody has published yet."""
    one, two = casework.member(), casework.member()
    draft = casework.drafted(by=one)
    assert (decide(draft, one), decide(draft, two)) == ("first", "approved")
    return draft, one, two


class TestMove:
    """What is deleted so long after a decision hangs on a case's state and moment (SAFEGUARDS A5)."""

    def test_unknown_case(self) -> None:
        assert refusal("review_move", uuid.uuid4(), "rejected") == "unknown_case"

    @pytest.mark.parametrize("state", ["published", "rejected"])
    def test_closed_by_nobody_or_by_one(self, state: str) -> None:
        one = casework.member()
        draft = casework.drafted(by=one)
        assert refusal("review_move", draft.case_id, state) == "two_people"
        decide(draft, one, verdict="approve" if state == "published" else "reject")
        assert refusal("review_move", draft.case_id, state) == "two_people"

    def test_closed_as_the_verdicts_say_now_and_for_good(self) -> None:
        draft, _one, _two = approved_twice()
        assert refusal("review_move", draft.case_id, "rejected") == "two_people"
        before = Case.objects.get(pk=draft.case_id).opened_at
        assert call("review_move", draft.case_id, "published") > before
        for state in ("open", "rejected"):
            assert refusal("review_move", draft.case_id, state) == "decided_meanwhile"

    def test_a_duplicate_is_of_a_record(self) -> None:
        at = casework.school()
        casework.published(at=at)
        again, other = (casework.case(at, month=each) for each in (MONTH, dt.date(2026, 7, 1)))
        assert call("review_move", again.pk, "rejected")
        assert refusal("review_move", other.pk, "rejected") == "two_people"


class TestPropose:
    def test_unknown_case(self) -> None:
        assert propose(casework.member(), uuid.uuid4()) == "unknown_case"

    @pytest.mark.parametrize("state", ["published", "rejected"])
    def test_closed_case(self, state: str) -> None:
        case = casework.case()
        Case.objects.filter(pk=case.pk).update(state=state, decided_at=case.opened_at)
        assert propose(casework.member(), case.pk) == "decided_meanwhile"

    @pytest.mark.parametrize("verdict", ["approve", "reject", "information"])
    def test_while_one_verdict_stands(self, verdict: str) -> None:
        one = casework.member()
        draft = casework.drafted(by=one)
        decide(draft, one, verdict=verdict)
        assert propose(casework.member(), draft.case_id) == "verdict_running"

    def test_with_a_tie(self) -> None:
        one, case = casework.member(), casework.case()
        casework.declare_tie(by=one, kind="studied", school=case.school_id)
        assert propose(one, case.pk) == "conflict"

    @pytest.mark.parametrize("month", [dt.date(2026, 8, 2), dt.date(2999, 1, 1)])
    def test_month(self, month: dt.date) -> None:
        assert propose(casework.member(), casework.case().pk, month=month) == "month"

    def test_a_second_publication_of_one_case(self) -> None:
        case = casework.case()
        Case.objects.filter(pk=case.pk).update(record=uuid.uuid4())
        assert propose(casework.member(), case.pk) == "record_exists"

    @pytest.mark.parametrize("kind", ["correct", "withdraw", "restore"])
    def test_a_change_of_nothing(self, kind: str) -> None:
        assert propose(casework.member(), casework.case().pk, kind=kind) == "no_record"

    def test_unknown_kind(self) -> None:
        assert propose(casework.member(), casework.case().pk, kind="erase") == "unknown_kind"


class TestDecide:
    @pytest.mark.parametrize("verdict", ["", "Approve", "publish", None])
    def test_unknown_verdict(self, verdict: str | None) -> None:
        one = casework.member()
        draft = casework.drafted(by=one)
        with pytest.raises(Refused) as caught:
            decide(draft, one, verdict=verdict)  # type: ignore[arg-type]
        assert caught.value.code == "unknown_verdict"

    def test_unknown_draft(self) -> None:
        who = casework.member()
        arguments = (uuid.uuid4(), bytes(32), who.pk, PASSPHRASE, "approve", "sufficient", "11680")
        assert refusal("review_decide", *arguments) == "unknown_proposal"

    def test_an_older_draft(self) -> None:
        one = casework.member()
        old = casework.drafted(by=one)
        casework.propose(old.case, by=one)
        with pytest.raises(Refused) as caught:
            decide(old, one)
        assert caught.value.code == "draft_replaced"

    def test_inactive_member(self) -> None:
        one, gone = casework.member(), casework.member()
        Member.objects.filter(pk=gone.pk).update(active=False)
        with pytest.raises(Refused) as caught:
            decide(casework.drafted(by=one), gone)
        assert caught.value.code == "wrong_passphrase"

    def test_not_enrolled_member(self) -> None:
        one, new = casework.member(), casework.member()
        Member.objects.filter(pk=new.pk).update(secret="")
        draft = casework.drafted(by=one)
        arguments = (draft.pk, bytes(draft.hash), new.pk, "", "approve", "sufficient", draft.school.region_id)
        assert refusal("review_decide", *arguments) == "wrong_passphrase"


class TestPublish:
    """Everything is asked again at the moment of publication: what was true at the verdict may not be now."""

    def test_unknown_draft(self) -> None:
        assert refusal("record_publish", uuid.uuid4()) == "unknown_proposal"

    def test_once(self) -> None:
        draft, *_ = approved_twice()
        call("record_publish", draft.pk)
        assert refusal("record_publish", draft.pk) == "published_meanwhile"

    def test_an_older_draft(self) -> None:
        draft, *_ = approved_twice()
        with connection.cursor() as cursor:  # a newer draft, as the rules above would not allow
            cursor.execute(
                "CREATE TEMP TABLE copied AS SELECT * FROM review_proposal;"
                "UPDATE copied SET id = gen_random_uuid(), created_at = created_at + interval '1 second';"
                "INSERT INTO review_proposal SELECT * FROM copied"
            )
        assert refusal("record_publish", draft.pk) == "draft_replaced"

    @pytest.mark.parametrize(
        "change",
        [
            "grade = 'B'",
            "month = '2026-07-01'",
            "sources = '[]'",
            "names_school = false",
            "reason = 'checked'",
            "record = gen_random_uuid()",
            "base_version = 1",
            "kind = 'restore'",
        ],
    )
    def test_an_edited_draft(self, change: str) -> None:
        draft, *_ = approved_twice()
        with connection.cursor() as cursor:  # as the owner, who alone could
            cursor.execute(f"UPDATE review_proposal SET {change}")
        assert refusal("record_publish", draft.pk) == "other_content"

    @pytest.mark.parametrize("which", [0, 1])
    @pytest.mark.parametrize(
        "after",
        [
            lambda draft, person, other: casework.declare_tie(
                by=person, kind="family", school=draft.school_id
            ),
            lambda draft, person, other: Member.objects.filter(pk=person.pk).update(active=False),
            lambda draft, person, other: Member.objects.filter(pk=person.pk).update(role="auditor"),
            lambda draft, person, other: Case.objects.filter(pk=draft.case_id).update(entered_by=person),
            lambda draft, person, other: Member.objects.filter(pk=person.pk).update(
                invited_by=other, seconded_by=casework.member("senior")
            ),
            lambda draft, person, other: Member.objects.filter(pk=person.pk).update(
                invited_by=casework.member("senior"), seconded_by=other
            ),
        ],
        ids=["late tie", "left", "other role", "entered it", "invited by", "seconded by"],
    )
    def test_an_approver_who_may_not_any_more(
        self, which: int, after: Callable[[Proposal, Member, Member], object]
    ) -> None:
        draft, *people = approved_twice()
        after(draft, people[which], people[1 - which])
        assert refusal("record_publish", draft.pk) == "two_people"
        assert not ImpactRecord.objects.exists()

    def test_an_approval_of_another_hash(self) -> None:
        draft, *_ = approved_twice()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE review_approval SET hash = sha256('other')"
                " WHERE member_id = (SELECT max(member_id) FROM review_approval)"
            )
        assert refusal("record_publish", draft.pk) == "two_people"

    def test_one_approval_and_one_rejection(self) -> None:
        one, two = casework.member(), casework.member()
        draft = casework.drafted(by=one)
        decide(draft, one)
        decide(draft, two, verdict="reject")
        assert refusal("record_publish", draft.pk) == "two_people"

    def test_a_changed_register_entry(self) -> None:
        draft, *_ = approved_twice()
        School.objects.filter(pk=draft.school_id).update(version=2)
        assert refusal("record_publish", draft.pk) == "school_changed"

    def test_a_school_that_shrank_unnoticed(self) -> None:
        draft, *_ = approved_twice()
        School.objects.filter(pk=draft.school_id).update(pupils=99)
        assert refusal("record_publish", draft.pk) == "small_school"


class TestEnrol:
    TOKEN = bytes(range(32))

    def link(self, **changed: object) -> Member:
        member = casework.member()
        Member.objects.filter(pk=member.pk).update(secret="")
        expires = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        values = {"token_hash": hashlib.sha256(self.TOKEN).digest(), "expires_at": expires, **changed}
        EnrolmentLink.objects.create(account=member.account, **values)
        return member

    def test_sets_the_passphrase_once(self) -> None:
        member = self.link()
        assert call("review_enrol", self.TOKEN, "a new long passphrase") == member.pk
        assert refusal("review_enrol", self.TOKEN, "another long passphrase") == "link_spent"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT secret = crypt(%s, secret), secret FROM review_member WHERE id = %s",
                ["a new long passphrase", member.pk],
            )
            matches, secret = cursor.fetchone()
        assert matches
        assert secret.startswith("$2a$12$")

    def test_another_token(self) -> None:
        self.link()
        assert refusal("review_enrol", bytes(32), "a new long passphrase") == "link_spent"

    def test_an_old_link(self) -> None:
        self.link(expires_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        assert refusal("review_enrol", self.TOKEN, "a new long passphrase") == "link_spent"

    @pytest.mark.parametrize("passphrase", ["fifteen letters", "x" * 73, "가" * 25])
    def test_length(self, passphrase: str) -> None:
        self.link()
        assert refusal("review_enrol", self.TOKEN, passphrase) == "passphrase_length"

    def test_not_over_an_existing_passphrase(self) -> None:
        member = self.link()
        Member.objects.filter(pk=member.pk).update(secret="$2a$04$something")
        assert refusal("review_enrol", self.TOKEN, "a new long passphrase") == "already_enrolled"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("", "crowd"), ("writing", "crowd"), (None, "crowd"), ("intake", "because"), ("reading", None)],
)
def test_a_pause_of_nothing_known(kind: str | None, reason: str | None) -> None:
    senior = casework.member("senior")
    assert refusal("review_pause", senior.pk, PASSPHRASE, kind, None, reason, 1) == "unknown_kind"
