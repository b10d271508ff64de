"""The functions by which a request is handled; their text is in `moderation/erasure/sql`."""

from pathlib import Path

from django.db import migrations

ROOM = Path(__file__).resolve().parent.parent
SQL = (ROOM / "sql" / "erasure.sql", ROOM.parent / "audit" / "sql" / "audit.sql")


class Migration(migrations.Migration):
    dependencies = [
        ("erasure", "0001_initial"),
        ("corrections", "0002_functions"),
        ("intake", "0050_forgetting_what_was_computed"),
        ("audit", "0005_corrections"),
    ]
    operations = [
        migrations.RunSQL(file.read_text(encoding="utf-8"), migrations.RunSQL.noop) for file in SQL
    ]
