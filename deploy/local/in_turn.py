"""Several `manage.py` commands in one process: `python -m deploy.local.in_turn "migrate --no-input" load_demo`.

Starting Django costs more than a second each time, which is most of what a second `make demo` does. Run with
`.venv`'s Python.
"""

import os
import shlex
import sys


def main(lines: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mapsite.settings")
    import django
    from django.core.management import call_command

    django.setup()
    for line in lines:
        call_command(*shlex.split(line))


if __name__ == "__main__":
    main(sys.argv[1:])
