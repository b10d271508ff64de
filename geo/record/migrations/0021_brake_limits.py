"""The worker's one job for the staff process, and where the saturation brake holds (SAFEGUARDS B8).

The limits are a judgement, not a measurement: a team of six that confirms ten schools of one district within a day, or
a fifth of a district, is either overwhelmed or deceived. Change the rows, not the code.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("record", "0020_brakes")]
    operations = [
        migrations.RunSQL((SQL / "jobs.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "INSERT INTO record_brakelimit (level, share, schools, per_day) VALUES"
            " ('district', 0.2, 10, 10), ('province', 0.1, 40, 40)",
            migrations.RunSQL.noop,
        ),
    ]
