"""Pauses: what publishes asks, and the public process can store no report where intake is paused."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
AUDIT = Path(__file__).resolve().parents[2] / "audit" / "sql"

# The public role may only insert; a row of its own is checked, and everything else is as the grants say.
CLOSED = """
ALTER TABLE intake_submission ENABLE ROW LEVEL SECURITY;
CREATE POLICY taken_while_open ON intake_submission FOR INSERT TO mapsite_public
  WITH CHECK (NOT record_paused('intake', school_id));
CREATE POLICY as_granted ON intake_submission FOR ALL TO mapsite_staff, mapsite_worker USING (true) WITH CHECK (true);
"""
OPEN = """
DROP POLICY as_granted ON intake_submission;
DROP POLICY taken_while_open ON intake_submission;
ALTER TABLE intake_submission DISABLE ROW LEVEL SECURITY;
"""


def install(path: Path) -> migrations.RunSQL:
    return migrations.RunSQL(path.read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0025_functions"),
        ("record", "0032_pauses"),
        ("audit", "0003_by_member_and_action"),
        ("intake", "0013_receipt_functions"),
    ]
    operations = [
        install(SQL / "pauses.sql"),
        install(SQL / "publish.sql"),
        install(AUDIT / "audit.sql"),
        migrations.RunSQL(CLOSED, OPEN),
    ]
