"""Forgetting what was computed from a report is a function of its own: an erasure needs it as well."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("intake", "0014_partners")]
    operations = [
        migrations.RunSQL((SQL / "receipts.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
