"""What an added school brings is told column by column only where somebody is to confirm it."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0016_every_column")]
    operations = [
        migrations.RunSQL("DROP FUNCTION IF EXISTS directory_differences(text)", migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "take_over.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
