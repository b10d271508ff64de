"""Two seniors change the team; nobody is somebody else, and two seniors always remain (SAFEGUARDS B5)."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction

from geo.record.refusals import Refused
from moderation.audit.models import AuditEvent
from moderation.review import team
from moderation.review.models import Member, TeamChange
from moderation.staff import actions as accounts
from moderation.staff.models import Account, EnrolmentLink
from tests import casework

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "a password of some length", "the newcomer's own passphrase"


def refusal(action: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        action()
    assert str(caught.value) != caught.value.code
    return caught.value.code


def invite(by: Member, *, email: str = "New@Example.org", role: str = "reviewer") -> tuple[TeamChange, str]:
    code = team.ask_to_invite(email=email, name="New", role=role, by=by, passphrase=casework.PASSPHRASE)
    return TeamChange.objects.latest("id"), code


def confirm(change: TeamChange, by: Member, *, passphrase: str = casework.PASSPHRASE) -> bytes | None:
    return team.confirm_change(change=change.pk, by=by, passphrase=passphrase)


def leave(member: Member, by: Member) -> TeamChange:
    team.ask_to_leave(member=member.pk, by=by, passphrase=casework.PASSPHRASE)
    return TeamChange.objects.latest("id")


def renew(member: Member, by: Member) -> tuple[TeamChange, str]:
    code = team.ask_to_renew(member=member.pk, by=by, passphrase=casework.PASSPHRASE)
    return TeamChange.objects.latest("id"), code


def enrolled(token: bytes | None, code: str) -> Account:
    assert token
    return accounts.enrol(token=token, password=PASSWORD, passphrase=NEW, code=code)


@pytest.fixture
def seniors() -> tuple[Member, Member]:
    return casework.member("senior"), casework.member("senior")


class TestInvite:
    def test_two_halves_make_a_member(self, seniors: tuple[Member, Member]) -> None:
        change, code = invite(seniors[0])
        assert not Account.objects.filter(email="new@example.org").exists(), (
            "nothing before the second senior"
        )
        token = confirm(change, seniors[1])
        assert token
        made = Member.objects.get(account__email="new@example.org")
        assert (made.role, made.invited_by, made.seconded_by, made.secret) == ("reviewer", *seniors, "")
        account = accounts.enrol(token=token, password=PASSWORD, passphrase=NEW, code=f" {code.upper()} ")
        assert account == made.account
        assert [(e.action, e.member) for e in AuditEvent.objects.order_by("id")] == [
            ("invitation_asked", seniors[0].pk),
            ("invited", seniors[1].pk),
            ("enrolled", made.pk),
        ]

    def test_neither_inviter_can_be_the_newcomer(self, seniors: tuple[Member, Member]) -> None:
        change, code = invite(seniors[0])
        token = confirm(change, seniors[1])
        assert token
        enrol = accounts.enrol
        assert refusal(lambda: enrol(token=token, password=PASSWORD, passphrase=NEW)) == "wrong_code"
        assert (
            refusal(lambda: enrol(token=token, password=PASSWORD, passphrase=NEW, code="0" * 20))
            == "wrong_code"
        )
        assert (
            refusal(lambda: enrol(token=bytes.fromhex(code), password=PASSWORD, passphrase=NEW, code=code))
            == "link_spent"
        )
        assert enrol(token=token, password=PASSWORD, passphrase=NEW, code=code)
        assert (
            refusal(lambda: enrol(token=token, password=PASSWORD, passphrase=NEW, code=code)) == "link_spent"
        )

    def test_what_is_kept_opens_nothing(self, seniors: tuple[Member, Member]) -> None:
        change, code = invite(seniors[0])
        token = confirm(change, seniors[1])
        assert token
        kept = bytes(change.code_hash or b"") + bytes(EnrolmentLink.objects.get().token_hash)
        assert token not in kept
        assert code.encode() not in kept

    def test_not_one_senior_twice(self, seniors: tuple[Member, Member]) -> None:
        change, _code = invite(seniors[0])
        assert refusal(lambda: confirm(change, seniors[0])) == "same_person"

    @pytest.mark.parametrize("role", ["reviewer", "registrar", "auditor"])
    def test_not_without_two_seniors(self, seniors: tuple[Member, Member], role: str) -> None:
        other = casework.member(role)
        assert refusal(lambda: invite(other)) == "wrong_role"
        change, _code = invite(seniors[0])
        assert refusal(lambda: confirm(change, other)) == "wrong_role"

    def test_not_with_another_passphrase(self, seniors: tuple[Member, Member]) -> None:
        change, _code = invite(seniors[0])
        assert refusal(lambda: confirm(change, seniors[1], passphrase="x" * 20)) == "wrong_passphrase"

    def test_no_invented_role(self, seniors: tuple[Member, Member]) -> None:
        assert refusal(lambda: invite(seniors[0], role="owner")) == "unknown_role"

    def test_not_somebody_who_has_an_account(self, seniors: tuple[Member, Member]) -> None:
        email = casework.member().account.email
        assert refusal(lambda: invite(seniors[0], email=email.upper())) == "is_member"
        first, _code = invite(seniors[0])
        second, _code = invite(seniors[0])
        confirm(first, seniors[1])
        assert refusal(lambda: confirm(second, seniors[1])) == "is_member"

    def test_once_and_not_too_late(self, seniors: tuple[Member, Member]) -> None:
        change, _code = invite(seniors[0])
        confirm(change, seniors[1])
        assert refusal(lambda: confirm(change, seniors[1])) == "change_over"
        late, _code = invite(seniors[0], email="late@example.org")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE review_teamchange SET ends_at = clock_timestamp() WHERE id = %s", [late.pk]
            )
        assert refusal(lambda: confirm(late, seniors[1])) == "change_over"

    def test_inviters_and_invitee_are_no_pair(self, seniors: tuple[Member, Member]) -> None:
        change, code = invite(seniors[0])
        token = confirm(change, seniors[1])
        assert token
        accounts.enrol(token=token, password=PASSWORD, passphrase=casework.PASSPHRASE, code=code)
        newcomer = Member.objects.get(account__email="new@example.org")
        for senior in seniors:
            draft = casework.drafted(by=senior)
            casework.decide(draft, by=senior)
            assert refusal(lambda: casework.decide(draft, by=newcomer)) == "invitation_pair"  # noqa: B023


class TestLeave:
    def test_two_seniors(self, seniors: tuple[Member, Member]) -> None:
        gone = casework.member()
        change = leave(gone, seniors[0])
        gone.refresh_from_db()
        assert gone.active
        assert confirm(change, seniors[1]) is None
        gone.refresh_from_db()
        assert not gone.active
        draft = casework.drafted(by=seniors[0])
        assert refusal(lambda: casework.decide(draft, by=gone)) == "wrong_passphrase"
        assert AuditEvent.objects.get(action="left").subject_id == str(gone.pk)

    def test_approvals_of_somebody_who_left_are_void(self, seniors: tuple[Member, Member]) -> None:
        gone, other = casework.member(), casework.member()
        draft = casework.drafted(by=gone)
        casework.decide(draft, by=gone)
        confirm(leave(gone, seniors[0]), seniors[1])
        assert refusal(lambda: casework.decide(draft, by=other)) == "two_people"

    def test_two_seniors_always_remain(self, seniors: tuple[Member, Member]) -> None:
        one, two = seniors
        assert refusal(lambda: leave(one, one)) == "same_person"
        change = leave(one, two)
        assert refusal(lambda: confirm(change, one)) == "same_person"
        assert refusal(lambda: confirm(change, two)) == "same_person"
        third = casework.member("senior")
        confirm(change, third)
        assert Member.objects.filter(role="senior", active=True).count() == 2
        assert refusal(lambda: confirm(leave(two, third), third)) == "same_person"

    def test_a_request_dies_with_who_asked(self) -> None:
        one, two, three, four = (casework.member("senior") for _ in range(4))
        first, second = leave(three, one), leave(one, two)
        confirm(second, four)
        assert refusal(lambda: confirm(first, four)) == "change_over"

    def test_nobody_leaves_twice(self, seniors: tuple[Member, Member]) -> None:
        gone = casework.member()
        first, second = leave(gone, seniors[0]), leave(gone, seniors[0])
        confirm(first, seniors[1])
        assert refusal(lambda: confirm(second, seniors[1])) == "change_over"
        assert refusal(lambda: leave(gone, seniors[0])) == "unknown_member"


class TestRenew:
    """Keys that were lost end, those of nobody else, and two seniors hand over the new ones in two halves."""

    def keys(self, member: Member) -> tuple[str, str, int, int]:
        """Passphrase, password, second factors and links that still open something."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT secret FROM review_member WHERE id = %s", [member.pk])
            (secret,) = cursor.fetchone()
        account = Account.objects.get(pk=member.account_id)
        return (
            secret,
            account.password,
            Authenticator.objects.filter(user=account).count(),
            EnrolmentLink.objects.filter(account=account, used_at=None).count(),
        )

    def test_all_the_old_keys_end_and_nobody_elses(self, seniors: tuple[Member, Member]) -> None:
        lost, other = casework.member(), casework.member()
        for each in (lost, other):
            Authenticator.objects.create(user=each.account, type="totp", data={})
            accounts.make_link(account=each.account)
        before, others = self.keys(lost), self.keys(other)
        change, code = renew(lost, seniors[0])
        assert self.keys(lost) == before, "nothing before the second senior"
        token = confirm(change, seniors[1])
        after = self.keys(lost)
        assert after[0] == "" and after[1] != before[1] and after[2:] == (0, 1)
        assert self.keys(other) == others
        for wrong in ("", "0" * 20):
            assert refusal(lambda: enrolled(token, wrong)) == "wrong_code"  # noqa: B023
        assert enrolled(token, code) == lost.account
        assert [(e.action, e.member) for e in AuditEvent.objects.order_by("id")] == [
            ("renew_asked", seniors[0].pk),
            ("renewed", seniors[1].pk),
            ("enrolled", lost.pk),
        ]

    def test_not_of_oneself_nor_of_nobody(self, seniors: tuple[Member, Member]) -> None:
        gone = casework.member()
        change, _code = renew(gone, seniors[0])
        Member.objects.filter(pk=gone.pk).update(active=False)
        assert refusal(lambda: confirm(change, seniors[1])) == "change_over", "who left meanwhile"
        for nobody in (gone, Member(pk=0)):
            assert refusal(lambda: renew(nobody, seniors[0])) == "unknown_member"  # noqa: B023
        assert refusal(lambda: renew(seniors[0], seniors[0])) == "same_person"
        change, _code = renew(seniors[1], seniors[0])
        for either in seniors:
            assert refusal(lambda: confirm(change, either)) == "same_person"  # noqa: B023

    def test_the_code_is_that_of_the_change_that_happened(self, seniors: tuple[Member, Member]) -> None:
        """Neither a later one that nobody confirmed, nor somebody else's."""
        lost, other = casework.member(), casework.member()
        change, code = renew(lost, seniors[0])
        token = confirm(change, seniors[1])
        renew(lost, seniors[1])
        theirs, their_code = renew(other, seniors[0])
        confirm(theirs, seniors[1])
        assert refusal(lambda: enrolled(token, their_code)) == "wrong_code"
        assert enrolled(token, code) == lost.account

    def test_who_left_takes_no_keys(self, seniors: tuple[Member, Member]) -> None:
        lost = casework.member()
        change, code = renew(lost, seniors[0])
        token = confirm(change, seniors[1])
        Member.objects.filter(pk=lost.pk).update(active=False)
        assert refusal(lambda: enrolled(token, code)) == "already_enrolled"


def test_every_change_takes_a_seniors_own_passphrase(seniors: tuple[Member, Member]) -> None:
    person = casework.member()
    changes = [invite(seniors[0])[0], leave(person, seniors[0]), renew(person, seniors[0])[0]]

    def ways(by: Member, words: str) -> list[Callable[[], object]]:
        asked = {"by": by, "passphrase": words}
        return [
            lambda: team.ask_to_invite(email="x@example.org", name="X", role="reviewer", **asked),
            lambda: team.ask_to_leave(member=person.pk, **asked),
            lambda: team.ask_to_renew(member=person.pk, **asked),
            *(lambda each=each: team.confirm_change(change=each.pk, **asked) for each in changes),
        ]

    for role in ("reviewer", "registrar", "auditor"):
        assert {refusal(way) for way in ways(casework.member(role), casework.PASSPHRASE)} == {"wrong_role"}
    assert {refusal(way) for way in ways(seniors[1], "somebody else's long words")} == {"wrong_passphrase"}
    assert TeamChange.objects.filter(confirmed_at=None).count() == len(changes)


@pytest.mark.parametrize("after", ["active = false", "role = 'auditor'", "secret = ''"])
def test_a_request_holds_while_who_made_it_is_a_senior_with_keys(
    after: str, seniors: tuple[Member, Member]
) -> None:
    change, _code = invite(seniors[0])
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE review_member SET {after} WHERE id = %s", [seniors[0].pk])
    assert refusal(lambda: confirm(change, seniors[1])) == "change_over"
    assert refusal(lambda: confirm(TeamChange(pk=0), seniors[1])) == "change_over"


def test_a_tie_is_told_by_the_person_whose_it_is() -> None:
    person, school = casework.member("auditor"), casework.school()
    with casework.refused("wrong_passphrase"):
        casework.declare_tie(
            by=person, passphrase="somebody else's long words", kind="family", school=school.pk
        )
    for wrong in (
        {"kind": "family"},
        {"kind": "family", "school": school.pk, "region": school.region_id},
        {"kind": "family", "school": "X9T-nowhere"},
        {"kind": "family", "region": "nowhere"},
        {"kind": "foe", "school": school.pk},
        {"kind": None, "school": school.pk},
    ):
        assert refusal(lambda: casework.declare_tie(by=person, **wrong)) == "unknown_tie"  # noqa: B023
    assert not person.ties.exists()
    casework.declare_tie(by=person, kind="lives", region=school.region_id)
    [told] = AuditEvent.objects.all()
    assert (told.action, told.member, told.detail["region"]) == ("tie", person.pk, school.region_id)
