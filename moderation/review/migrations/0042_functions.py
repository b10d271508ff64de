"""A case is closed by its verdicts alone, at the moment of the last one."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("review", "0041_functions")]
    operations = [
        migrations.RunSQL((SQL / "decide.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
