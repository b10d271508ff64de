"""Members as the staff process may read them: every column but the secret, which its role has no grant on."""

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest

from moderation.review.models import Member
from moderation.review.vocabulary import Role

SENIORS_NEEDED, REVIEWERS_NEEDED = 2, 4  # SAFEGUARDS B5


def members() -> "QuerySet[Member]":
    return Member.objects.defer("secret").select_related("account")


def of(request: HttpRequest) -> Member:
    """The member behind a request that `SecondFactorMiddleware` let through."""
    member: Member = request.member  # type: ignore[attr-defined]
    return member


def names() -> dict[int, str]:
    """Everybody's name by member id; the team is small."""
    return dict(Member.objects.values_list("pk", "account__name"))


def too_few() -> bool:
    """Whether the team is smaller than two seniors and four reviewers."""
    found = Member.objects.filter(active=True).aggregate(
        seniors=Count("pk", filter=Q(role=Role.SENIOR)), reviewers=Count("pk", filter=Q(role=Role.REVIEWER))
    )
    return found["seniors"] < SENIORS_NEEDED or found["reviewers"] < REVIEWERS_NEEDED


def get(pk: int) -> Member:
    member = members().filter(pk=pk).first()
    if member is None:
        raise Http404
    return member
