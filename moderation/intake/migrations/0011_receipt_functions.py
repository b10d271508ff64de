"""A withdrawal takes the links and the marks of a report along; the text is in `moderation/intake/sql`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("intake", "0010_links"), ("review", "0010_groups")]
    operations = [
        migrations.RunSQL((SQL / "receipts.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop)
    ]
