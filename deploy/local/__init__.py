"""The commands behind the Makefile, in the standard library alone: nothing is installed yet.

`python3 -m deploy.local COMMAND` (through `run.sh`, which finds a Python). Every step is idempotent: it looks
before it works, so that a second run costs seconds. Whatever cannot be mended here ends in `Refused`: one
sentence, exit code 2, no traceback.
"""
