"""Signed statements of the public log's size and root: made with each generation, and kept (SAFEGUARDS E2).

A kept checkpoint outlives the rows that it speaks of: entries that vanish from the end of the log are missed.
"""

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings

from geo.record import log
from geo.record.models import Checkpoint
from geo.record.snapshot.data import PublicSet


def origin() -> str:
    """The log's name in its checkpoints: the public site's host and a path, without a scheme."""
    return f"{urlsplit(settings.PUBLIC_ORIGIN).netloc}/log"


def seed() -> str:
    """The signing key's seed in base64; among the processes only the worker can read it."""
    return (settings.SECRETS / "log-signing.key").read_text(encoding="ascii").strip()


def signed(public: PublicSet) -> str:
    """The checkpoint of this generation's log as a signed note; the same for the same log."""
    return log.sign(log.Checkpoint(origin(), public.log.size, public.log.root()), seed())


def verifier() -> str:
    """The line to check the checkpoints with."""
    return log.verifier(origin(), seed())


def keep(public: PublicSet) -> None:
    """Stores the checkpoint before any reader can see it; once for each size."""
    Checkpoint.objects.bulk_create(
        [Checkpoint(size=public.log.size, note=signed(public), signed_at=dt.datetime.now(dt.UTC))],
        ignore_conflicts=True,
    )


def last() -> log.Checkpoint | None:
    """The newest one that was kept, its signature unchecked."""
    kept = Checkpoint.objects.order_by("size").last()
    return log.read_note(kept.note) if kept else None
