"""Reports as they arrive: texts that are near-identical or not, minutes, networks, and the cases that they gather in."""

import datetime as dt
import secrets

import pytest
from django.utils import timezone

from moderation.intake import signatures
from moderation.review import actions
from moderation.review.models import Case, CaseSubmission
from tests import casework

NOON = timezone.make_aware(dt.datetime(2026, 9, 1, 12, 0))
ONE = "학교 누리집에 올라온 졸업 사진이 합성되어 단체 대화방에 돌고 있는 것을 직접 보았습니다. 교무실에 알렸습니다."
NEAR = "학교 누리집에 올라온 졸업사진이 합성되어 단체 대화방에 돌고 있는것을 직접 보았습니다!! 교무실에 알렸습니다"
OTHER = "어제 담임 선생님이 가정통신문을 나누어 주며 우리 학교에서 피해 신고가 접수되었다고 알려 주셨습니다."
THIRD = (
    "아이가 울면서 돌아왔고 상담실에서 경찰이 다녀갔다는 이야기를 들었습니다. 무엇을 해야 할지 모르겠습니다."
)


def report(at, text="", *, minute=0, network=None, how_known="victim"):
    return casework.submission(
        at,
        how_known=how_known,
        signature=signatures.sign(text),
        links=signatures.links(text) or None,
        network=network or secrets.token_bytes(16),
        received_at=NOON + dt.timedelta(minutes=minute),
    )


def groups(case=None):
    """Group and reason of each report, in the order of arrival."""
    rows = CaseSubmission.objects.order_by("submission__received_at", "pk")
    return [(row.group, row.grouped_by) for row in (rows.filter(case=case) if case else rows)]


def gathered(*reports, one_by_one):
    """The last one's case; the reports have come in a batch each, or in one."""
    with pytest.MonkeyPatch.context() as changed:
        if one_by_one:
            changed.setattr(actions, "BATCH", 1)
        while actions.gather_inbox():
            pass
    return Case.objects.get(gathered__submission=reports[-1])
