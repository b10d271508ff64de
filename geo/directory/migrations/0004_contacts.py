"""Contacts of matched schools are written by a function, which the registrar's desk shares."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_succession")]
    operations = [
        migrations.RunSQL((SQL / "take_over.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
