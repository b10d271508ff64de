"""What was decided between the notice and the appeal counts, also of a draft from before the notice (SAFEGUARDS D5)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql" / "outcome.sql"


class Migration(migrations.Migration):
    dependencies = [("corrections", "0003_functions")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
