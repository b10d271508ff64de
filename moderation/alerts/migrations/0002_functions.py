"""The functions by which a link is used; their text is in `moderation/alerts/sql`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (SQL / "links.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION alerts_state(bytea), alerts_confirm(bytea), alerts_end(bytea, boolean);",
        )
    ]
