"""Which reports count as one, and what is forgotten at the decision; the text is in `moderation/review/sql`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("review", "0010_groups")]
    operations = [
        migrations.RunSQL((SQL / "independence.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)
    ]
