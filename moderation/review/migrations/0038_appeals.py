"""Whoever had a part in the first decision has none in the case of its appeal (SAFEGUARDS D5)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("review", "0032_functions")]
    operations = [
        migrations.RunSQL((SQL / "decide.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
