"""A senior and whom they invited may be the two: nobody else is left where two seniors invited everybody."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "erasure.sql"


class Migration(migrations.Migration):
    dependencies = [("erasure", "0002_functions")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
