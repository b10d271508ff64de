"""What is said of a school that a file adds is built from its fields alone, which a first import feels."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_contacts")]
    operations = [
        migrations.RunSQL((SQL / "take_over.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
