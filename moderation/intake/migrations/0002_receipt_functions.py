"""The functions by which a receipt is used; their text is in `moderation/intake/sql`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (SQL / "receipts.sql").read_text(encoding="utf-8"),
            "DROP FUNCTION public.intake_status(bytea); DROP FUNCTION public.intake_withdraw(bytea);",
        )
    ]
