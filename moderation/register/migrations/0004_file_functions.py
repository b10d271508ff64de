"""How official files are opened, chosen and applied; a choice can be made only while its file is open."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"
OPEN_ALONE = """
ALTER TABLE register_difference ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON register_difference FOR SELECT TO mapsite_staff USING (true);
CREATE POLICY chosen_while_open ON register_difference FOR UPDATE TO mapsite_staff USING (EXISTS (
  SELECT 1 FROM register_officialfile f WHERE f.id = file_id AND f.applied_at IS NULL AND f.dropped_at IS NULL));
"""
ALWAYS = """
DROP POLICY chosen_while_open ON register_difference;
DROP POLICY seen ON register_difference;
ALTER TABLE register_difference DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0003_files"), ("directory", "0002_take_over"), ("corrections", "0002_functions")]
    operations = [
        migrations.RunSQL((SQL / "files.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(OPEN_ALONE, ALWAYS),
    ]
