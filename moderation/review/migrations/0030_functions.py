"""A decision about a disputed record decides the school's request with it (SAFEGUARDS D5)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("review", "0023_ties")]
    operations = [
        migrations.RunSQL((SQL / "publish.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
