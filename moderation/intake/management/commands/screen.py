"""`screen [FILE]`: what the intake would say to each text (INTERFACES, Commands)."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.intake.screening import screen


class Command(BaseCommand):
    help = 'Screens JSON lines {"text"} from FILE or standard input; writes one JSON line for each.'
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="JSON lines in UTF-8; standard input when left out")

    def handle(self, *args: Any, file: str | None = None, **options: Any) -> None:
        try:
            raw = Path(file).read_bytes() if file else sys.stdin.buffer.read()
            texts = list(self._texts(raw.decode("utf-8-sig").split("\n")))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=2) from error
        except UnicodeDecodeError as error:
            raise CommandError(f"The input is not UTF-8 (byte {error.start}).", returncode=2) from error
        for text in texts:
            found = screen(text)
            spans = [[span.start, span.end, span.kind] for span in found.spans]
            self.stdout.write(json.dumps({"verdict": found.verdict, "spans": spans}, ensure_ascii=False))

    @staticmethod
    def _texts(lines: Iterable[str]) -> Iterable[str]:
        """Every line's text, all read before anything is written: a bad line changes nothing."""
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                text = json.loads(line)["text"]
            except (json.JSONDecodeError, KeyError, TypeError, RecursionError) as error:
                raise CommandError(
                    f'Line {number} is not a JSON object with "text".', returncode=2
                ) from error
            if not isinstance(text, str):
                raise CommandError(f'Line {number}: "text" is not a text.', returncode=2)
            yield text
