"""Who acts on an outdated page is refused; a case about an appeal is decided by two others (SAFEGUARDS D5)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("corrections", "0002_functions")]
    operations = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
        for name in ("state.sql", "outcome.sql")
    ]
