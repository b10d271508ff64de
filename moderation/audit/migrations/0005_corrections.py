"""No process tells of what only the functions of corrections and notices can know."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_owner_tells")]
    operations = [
        migrations.RunSQL((SQL / "audit.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
