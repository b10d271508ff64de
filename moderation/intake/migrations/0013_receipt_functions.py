"""A receipt shows why, and what reviewers ask; `intake_status` has a column more."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("intake", "0012_questions"), ("audit", "0002_proven")]
    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS public.intake_status(bytea)", migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "receipts.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
