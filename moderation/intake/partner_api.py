"""`POST /api/v1/submissions/`: reports by program, from partner organisations; the same screening, the same inbox.

A key stands in the place of the proof of work, and its organisation in the place of a network: its reports of one day
count as one origin. The school's district is named as well, so that no report goes to another school of the same name.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from geo.api.problems import Problem
from geo.api.serializers import Month
from geo.api.views import PRIVATE, View
from geo.directory.models import School
from moderation.intake import actions, limits, marking, partners
from moderation.intake.form_tokens import FormToken
from moderation.intake.forms import CONTACT_LENGTH, TEXT_LENGTH, MonthField
from moderation.intake.querysets import paused_until
from moderation.intake.sealing import SealError
from moderation.intake.vocabulary import HowKnown, Kind

NAMESPACE = uuid.UUID("5f0c4c44-6d9a-4b5e-9d0e-0d9c3c0b7a11")  # of idempotency keys
LONGEST_KEY = 200  # characters of a header


class SubmissionSerializer(serializers.Serializer[Any]):
    school = serializers.CharField(max_length=20, help_text=gettext_lazy("Id in the official register."))
    district = serializers.CharField(
        max_length=10, help_text=gettext_lazy("Code of the school's region; it has to match.")
    )
    kind = serializers.ChoiceField(choices=Kind.choices)
    month = Month(help_text=gettext_lazy("YYYY-MM, of the incident."))
    how_known = serializers.ChoiceField(choices=HowKnown.choices)
    text = serializers.CharField(
        max_length=TEXT_LENGTH,
        required=False,
        default="",
        allow_blank=True,
        help_text=gettext_lazy("Screened, then sealed."),
    )
    contact = serializers.CharField(
        max_length=CONTACT_LENGTH,
        required=False,
        default="",
        allow_blank=True,
        help_text=gettext_lazy("Sealed."),
    )
    accepted = serializers.CharField(
        max_length=64,
        required=False,
        default="",
        allow_blank=True,
        help_text=gettext_lazy(
            "What a needs-editing answer gave as acceptance, after a person has looked at each place."
        ),
    )

    def validate_month(self, month: Any) -> Any:
        MonthField().validate(month)  # Django's own error, which DRF takes over
        return month


class ReceiptSerializer(serializers.Serializer[Any]):
    receipt = serializers.CharField(help_text="Words, given once; /report/status/ takes them.")


class Submissions(View):
    http_method_names = ["post", "options"]
    cache = PRIVATE

    @extend_schema(
        operation_id="submissions",
        description=gettext_lazy(
            "Hand in a report, with a key. It is screened as every report is, and publishes nothing."
        ),
        request=SubmissionSerializer,
        responses={201: ReceiptSerializer},
        parameters=[
            OpenApiParameter(
                "Authorization", str, OpenApiParameter.HEADER, required=True, description="Bearer KEY"
            ),
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="The same twice within a day is one report.",
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        try:
            partner = _partner(request)
            network = limits.spend_partner(request, partner=partner)
            _measure(request)
            sent = SubmissionSerializer(data=request.data)
            sent.is_valid(raise_exception=True)
            return Response({"receipt": _submit(request, sent.validated_data, partner, network)}, status=201)
        except limits.LimitReached as limit:
            raise Problem("too-many-requests", wait=limit.seconds) from None
        except (limits.LimitsAway, SealError):
            raise Problem("unavailable") from None


def _partner(request: Request) -> int:
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    known = (
        partners.whose(key)
        if scheme.lower() == "bearer" and key.isascii() and len(key) <= LONGEST_KEY
        else None
    )
    if known is None:
        limits.spend(request, budget="receipt")  # who guesses is slowed down
        raise Problem("unauthorized")
    return known


def _measure(request: Request) -> None:
    """Judged before the body is read, as the form's guard does."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        raise Problem("bad-request")
    if int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise Problem("too-large")


def _submit(request: Request, sent: dict[str, Any], partner: int, network: bytes) -> str:
    school = _school(sent["school"], sent["district"])
    report = actions.Report(sent["kind"], sent["month"], sent["how_known"], sent["text"], sent["contact"])
    try:
        words = actions.submit(
            school=school,
            report=report,
            token=_token(request, partner),
            network=network,
            language=get_language() or "ko",
            accepted=sent["accepted"],
        )
    except actions.NeedsEditing as found:
        raise _needs_editing(found, sent["text"]) from None
    except actions.AlreadyReceived:
        raise Problem("already-received") from None
    except actions.CarriesFile:
        raise Problem(
            "invalid-parameter", text=_("The text contains an encoded file. Nothing was stored.")
        ) from None
    except actions.SchoolClosed:
        raise Problem(
            "invalid-parameter", school=_("This school is closed or has left the register.")
        ) from None
    limits.note(school=school.pk)
    return words


def _school(code: str, district: str) -> School:
    found = School.objects.select_related("region").filter(pk=code).first() if "\0" not in code else None
    if found is None:
        raise Problem("invalid-parameter", school=_("There is no such school in the official register."))
    if found.region_id != district:
        raise Problem(
            "invalid-parameter",
            district=_("The school lies in another district; is it the right one?"),
        )
    if until := paused_until(found):
        raise Problem("unavailable", wait=max(1, int((until - datetime.now(UTC)).total_seconds())))
    return found


def _token(request: Request, partner: int) -> FormToken:
    """In the place of a form: one of each idempotency key, or a fresh one."""
    key = request.headers.get("Idempotency-Key", "")[:LONGEST_KEY]
    lifetime = timedelta(seconds=settings.INTAKE_FORM_LIFETIME)
    return FormToken(
        uuid.uuid5(NAMESPACE, f"{partner} {key}") if key else uuid.uuid4(), datetime.now(UTC) + lifetime
    )


def _needs_editing(found: actions.NeedsEditing, text: str) -> Problem:
    """Where, why, and, if a person may say that it is nothing, what to send back then. The text itself is not repeated."""
    screening = found.screening
    members: dict[str, Any] = {
        "verdict": screening.verdict,
        "spans": [[span.start, span.end, span.kind] for span in screening.spans],
        "reasons": [str(reason) for reason in marking.reasons(screening)],
    }
    if screening.verdict == "ask":
        members["acceptance"] = actions.acceptance(text)
    return Problem("needs-editing", members=members)
