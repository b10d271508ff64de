"""A province or the country stands for the schools of places that are not enough by themselves (ADR 6)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("record", "0021_brake_limits")]
    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS record_candidates(text); DROP FUNCTION IF EXISTS record_place(text)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL((SQL / "place.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
