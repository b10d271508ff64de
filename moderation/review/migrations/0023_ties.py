"""A tie is declared with the passphrase of the person whose it is."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("review", "0036_functions"), ("audit", "0002_proven")]
    operations = [
        migrations.RunSQL((SQL / "team.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
