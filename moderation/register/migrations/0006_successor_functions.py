"""Saying what became of a school takes two people as well."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("register", "0005_successors"), ("directory", "0003_succession")]
    operations = [
        migrations.RunSQL((SQL / "changes.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
