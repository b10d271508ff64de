"""What is held is told only to whoever knows its words."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "erasure.sql"


class Migration(migrations.Migration):
    dependencies = [("erasure", "0003_functions")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
