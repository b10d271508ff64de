"""The desk asks for every column of an added school."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("register", "0019_two_people"), ("directory", "0017_what_was_added")]
    operations = [
        migrations.RunSQL((SQL / "files.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
