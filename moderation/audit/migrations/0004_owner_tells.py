from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    """The owner's commands may tell what otherwise only the functions tell."""

    dependencies = [("audit", "0003_by_member_and_action")]

    operations = [
        migrations.RunSQL((SQL / "audit.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
