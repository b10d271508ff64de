from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from moderation.audit import actions as audit
from moderation.review.models import Member
from moderation.review.vocabulary import Role
from moderation.staff import actions
from moderation.staff.members import SENIORS_NEEDED
from moderation.staff.models import Account, EnrolmentLink

FAULT = 2  # exit code: one sentence on stderr, nothing changed


class Command(BaseCommand):
    help = "Make an account with a role, and print its one-time enrolment link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="how colleagues see this person")
        parser.add_argument("--role", required=True, help=", ".join(Role.values))
        parser.add_argument(
            "--invited-by", metavar="EMAIL", help="a senior; only the first two seniors need none"
        )
        parser.add_argument("--seconded-by", metavar="EMAIL", help="another senior")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        email, name = self._address(options["email"]), options["name"].strip()
        if options["role"] not in Role.values:
            raise CommandError(
                f"there is no role {options['role']}; there are {', '.join(Role.values)}", returncode=FAULT
            )
        if not 1 <= len(name) <= 40:
            raise CommandError("a name has 1 to 40 characters", returncode=FAULT)
        inviters = self._inviters(options["role"], options["invited_by"], options["seconded_by"])
        member = Member.objects.filter(account__email=email).select_related("account").first()
        if member is None:
            member = make(email=email, name=name, role=options["role"], inviters=inviters)
        elif member.secret or member.role != options["role"]:
            raise CommandError(f"{email} is a member already", returncode=FAULT)
        # A link that was lost is not a way in for whoever finds it.
        EnrolmentLink.objects.filter(account=member.account, used_at=None).delete()
        token = actions.make_link(account=member.account)
        address = reverse("staff:enrol", args=[token], urlconf=settings.STAFF_URLS)
        days = actions.LINK_LIFE.days
        self.stdout.write(
            f"{settings.STAFF_ORIGIN}{address}\nopens once, within {days} days; give it to {name} alone"
        )

    @staticmethod
    def _address(text: str) -> str:
        try:
            validate_email(text)
        except ValidationError:
            raise CommandError(f"{text} is not an e-mail address", returncode=FAULT) from None
        return text.lower()

    @staticmethod
    def _inviters(role: str, first: str | None, second: str | None) -> tuple[Member, Member] | None:
        """Two distinct enrolled seniors; none for the very first two, whom nobody could invite."""
        if first is None and second is None:
            if role == Role.SENIOR and Member.objects.filter(role=Role.SENIOR).count() < SENIORS_NEEDED:
                return None
            raise CommandError(
                "two seniors invite: name them with --invited-by and --seconded-by", returncode=FAULT
            )
        if first is None or second is None or first.lower() == second.lower():
            raise CommandError("two different seniors invite", returncode=FAULT)
        return senior(first), senior(second)


def senior(email: str) -> Member:
    found = (
        Member.objects.filter(account__email=email.lower(), role=Role.SENIOR, active=True)
        .exclude(secret="")
        .first()
    )
    if found is None:
        raise CommandError(f"{email} is no enrolled senior", returncode=FAULT)
    return found


def make(*, email: str, name: str, role: str, inviters: tuple[Member, Member] | None) -> Member:
    """The owner's way of adding a member; the running site's has two seniors, each with a passphrase (sql/team.sql)."""
    account = Account.objects.filter(email=email).first() or Account.objects.create_user(
        email=email, name=name
    )
    first, second = inviters or (None, None)
    member = Member.objects.create(account=account, role=role, invited_by=first, seconded_by=second)
    audit.record(
        by=first.pk if first else None,
        action="invited",
        subject="member",
        subject_id=member.pk,
        role=role,
        second=second.pk if second else None,
    )
    return member
