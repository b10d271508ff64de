"""One person's pause of reading ends after 72 hours, and the next one is somebody else's."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("review", "0038_appeals")]
    operations = [
        migrations.RunSQL((SQL / "pauses.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
