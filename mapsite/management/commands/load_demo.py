from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from fixtures import demo, demo_team

FAULT = 2  # exit code: one sentence on stderr, nothing changed


class Command(BaseCommand):
    help = "Fill the demo: invented schools, a team, and casework in every state. Safe to run again."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("the demo is loaded only where MAPSITE_DEMO is set", returncode=FAULT)
        call_command("load_directory", stdout=self.stdout, stderr=self.stderr)
        team = demo_team.ensure(settings.VAR / "demo-accounts.txt")
        told = demo.tell(team)
        self.stdout.write(f"{len(team)} accounts; {told.records} records and {told.open_cases} open cases")
