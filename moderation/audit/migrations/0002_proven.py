"""Events say whether a passphrase was asked for, and only functions write them."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("review", "0036_functions")]
    operations = [
        migrations.AddField("auditevent", "proven", models.BooleanField(db_default=False)),
        migrations.RunSQL((SQL / "audit.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
