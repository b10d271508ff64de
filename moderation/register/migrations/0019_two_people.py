"""Every file takes two people, and what is chosen of one is kept by a function alone."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"
ALWAYS = """
DROP POLICY chosen_while_open ON register_difference;
DROP POLICY seen ON register_difference;
ALTER TABLE register_difference DISABLE ROW LEVEL SECURITY;
DROP FUNCTION IF EXISTS register_stage(jsonb);
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0008_contact_functions"), ("directory", "0016_every_column")]
    operations = [
        migrations.RunSQL(ALWAYS, migrations.RunSQL.noop),
        migrations.RunSQL((SQL / "files.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="officialfile", name="file_applied_by_another"),
        migrations.AddConstraint(
            model_name="officialfile",
            constraint=models.CheckConstraint(
                name="file_applied_by_another",
                condition=models.Q(applied_by=None, applied_at=None)
                | (
                    models.Q(applied_by__isnull=False, applied_at__isnull=False, asked_by__isnull=False)
                    & ~models.Q(applied_by=models.F("asked_by"))
                ),
            ),
        ),
    ]
