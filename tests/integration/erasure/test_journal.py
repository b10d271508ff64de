"""What was withdrawn or erased stays so when a backup comes back (Personal Information Protection Act, article 36 (3))."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from moderation.corrections.inbox import actions as correcting
from moderation.erasure import journal
from moderation.erasure.inbox import actions as asking
from moderation.erasure.inbox.vocabulary import Part
from moderation.intake import actions as intake
from tests import casework, correctionwork
from tests.erasurework import asked, decided, held, item, propose, state
from tests.integration.corrections.test_roles import working_as
from tests.integration.ops.test_backups import (
    back_up,
    elsewhere,
    exists,
    folder,
    move,
    refused,
    restored,
    secrets,
)

__all__ = ["elsewhere", "folder", "secrets"]


@pytest.fixture
def file(settings: Any, tmp_path: Path) -> Iterator[Path]:
    settings.ERASURES = tmp_path / "erasures.journal"
    yield settings.ERASURES


def test_what_was_deleted_since_the_backup_is_deleted_again(
    committed_db: str, elsewhere: str, secrets: Path, folder: Path, file: Path
) -> None:
    kept, _ = held()
    withdrawn, _said = held()
    erased, said = held()
    told, told_words = held()
    correction, correction_words = correctionwork.asked(kept.school, None, mail="office@example.net")
    request, request_words = asked(text="지워 주세요.")
    granted, _ = asked(named=said)
    access, _ = asked(wish="access", named=told_words)
    only_proposed, _ = asked()
    back_up(folder)

    intake.withdraw(receipt=bytes(withdrawn.receipt_hash))
    correcting.give_up(fingerprint=correction_words)
    asking.give_up(fingerprint=request_words)
    decided(granted, items=[item(Part.REPORT_CONTACT, erased)])
    decided(access, items=[item(Part.REPORT_TEXT, told)])
    propose(only_proposed, by=casework.member(), items=[item(Part.REPORT_TEXT, kept)])
    now = timezone.now()
    with working_as("mapsite_worker"):
        assert journal.write(now=now) == 4
        with file.open("a", encoding="ascii") as half:
            half.write("report_withdrawn 0000")  # a worker that was killed
        assert journal.write(now=now) == 0
        assert journal.write(now=now + dt.timedelta(days=40)) == 0
    lines = file.read_text(encoding="ascii").splitlines()
    assert sorted(line.split()[:2] for line in lines) == sorted(
        [
            ["report_withdrawn", str(withdrawn.pk)],
            ["correction_given_up", str(correction.pk)],
            ["request_given_up", str(request.pk)],
            ["report_contact", str(erased.pk)],
        ]
    )

    move(elsewhere)
    whole = file.read_text(encoding="ascii")
    file.write_text(whole + "report_text; DROP TABLE x\n", encoding="ascii")
    code, sentence = refused(folder)
    assert code == 2 and "Line 5" in sentence and not exists(elsewhere)
    file.write_text(whole, encoding="ascii")
    assert "4 withdrawals and erasures" in restored(folder)
    for row in (kept, withdrawn, erased, told, correction, request):
        row.refresh_from_db()
    assert {withdrawn.sealed_text, withdrawn.sealed_contact, withdrawn.signature} == {None}
    assert withdrawn.progress.filter(code="withdrawn").count() == 1  # it counts for nothing again
    assert (erased.sealed_contact, erased.sealed_text is None) == (None, False)
    assert None not in (kept.sealed_text, kept.sealed_contact, told.sealed_text)
    assert {correction.sealed_text, correction.sealed_mail, request.sealed_text} == {None}
    assert (correctionwork.state(correction), state(request)) == ("withdrawn", "withdrawn")
    assert journal.replay(file) == 4  # once more changes nothing
    assert withdrawn.progress.filter(code="withdrawn").count() == 1


def test_a_restore_without_the_journal_says_what_that_means(
    committed_db: str, elsewhere: str, secrets: Path, folder: Path, file: Path
) -> None:
    report, _ = held()
    back_up(folder)
    intake.withdraw(receipt=bytes(report.receipt_hash))
    move(elsewhere)
    assert "is back" in restored(folder)
    report.refresh_from_db()
    assert report.sealed_text is not None
