"""Publication waits for the notice to the school and its window (SAFEGUARDS B10)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("review", "0031_notices")]
    operations = [
        migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
        for name in ("notice.sql", "publish.sql")
    ]
