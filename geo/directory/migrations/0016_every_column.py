"""A difference names every column that taking it over writes."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_added")]
    operations = [
        migrations.RunSQL((SQL / "take_over.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
