"""What a draft would make public, exactly, for the person who is asked to approve it."""

from typing import NamedTuple

from psycopg.types.json import Jsonb

from geo.directory.models import Region, School
from geo.record.models import Publisher
from geo.record.refusals import call
from geo.record.vocabulary import Grade, Reason, Status
from moderation.review.models import Proposal
from moderation.review.vocabulary import ProposalKind


class Source(NamedTuple):
    publisher: Publisher
    article: str
    link: str  # "" where nothing is linked


class Preview(NamedTuple):
    """The public parts of a draft. `school` and `region` are both None where no place would be shown."""

    school: School | None
    region: Region | None
    status: str
    grade: str
    reason: str
    sources: list[Source]
    withdraws: bool
    content: str  # what the public log commits to, byte for byte
    hash: str  # hexadecimal SHA-256 over everything that becomes public


def of(draft: Proposal) -> Preview:
    withdraws = draft.kind == ProposalKind.WITHDRAW
    publishers = Publisher.objects.in_bulk([code for code, _article in draft.sources])
    return Preview(
        school=draft.school if draft.names_school else None,
        region=draft.region,
        status=str((Status.WITHDRAWN if withdraws else Status.CONFIRMED).label),
        grade=str(Grade(draft.grade).label) if draft.grade in Grade.values else "",
        reason=str(Reason(draft.reason).label),
        sources=[
            Source(publishers[code], article, publishers[code].link(article))
            for code, article in draft.sources
        ],
        withdraws=withdraws,
        content='{"status":"withdrawn"}' if withdraws else _content(draft),
        hash=bytes(draft.hash).hex(),
    )


def _content(draft: Proposal) -> str:
    place = call("record_place_code", draft.names_school, draft.school_id, draft.region_id)
    return str(call("record_content", "confirmed", place, draft.month, draft.grade, Jsonb(draft.sources)))
