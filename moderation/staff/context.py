"""What every page of the staff site knows besides its own."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from moderation.register.permissions import CONFIRMERS
from moderation.review.transitions import DECIDERS
from moderation.review.vocabulary import Role
from moderation.staff import members


def desk(request: HttpRequest) -> dict[str, Any]:
    """The member (None before the second factor), what the menu offers, and whether the team is too small."""
    by = getattr(request, "member", None)
    return {
        "desk": {
            "member": by,
            "casework": by and by.role in DECIDERS,
            "register": by and by.role in CONFIRMERS,
            "audit": by and by.role in {Role.AUDITOR, Role.SENIOR},
            "too_few": by and members.too_few(),
            "challenge": getattr(request, "challenge", ""),
            "demo": settings.DEMO,
            "public": settings.PUBLIC_ORIGIN,
        }
    }
