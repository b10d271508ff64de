"""Contact files at the desk, and schools whose own request runs; what is touched is told with one more number."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0007_contacts"),
        ("directory", "0004_contacts"),
        ("corrections", "0002_functions"),
    ]
    operations = [
        migrations.RunSQL("DROP FUNCTION register_touched(bigint)", migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "files.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
