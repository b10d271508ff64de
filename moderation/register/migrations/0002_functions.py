"""The functions of the registrar's desk; their text is in `moderation/register/sql`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
AUDIT = Path(__file__).resolve().parents[2] / "audit" / "sql"


def install(path: Path) -> migrations.RunSQL:
    return migrations.RunSQL(path.read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0001_initial"),
        ("review", "0037_pauses"),
        ("audit", "0005_corrections"),
    ]
    operations = [install(SQL / "changes.sql"), install(AUDIT / "audit.sql")]
