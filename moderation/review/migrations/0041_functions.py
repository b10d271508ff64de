"""What was withdrawn before its monthly batch leaves no entry in the public log."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("review", "0040_functions")]
    operations = [
        migrations.RunSQL((SQL / "publish.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
