"""What a file changes, and how it is taken over, as functions: the owner's commands and the registrar's desk share them."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"

# One row of a register on its way in; with a reason it is refused, and only line and id matter.
STAGED = """
CREATE TYPE directory_staged AS (
  line integer, id text, reason text, doubt text, name text, name_en text, level text, founding text, status text,
  branch text, established_on date, address_road text, address_lot text, office text, district_office text,
  region_id text, longitude double precision, latitude double precision, register_date date, phone text, fax text,
  homepage text, name_key text, initials text, name_en_key text, grams text[])
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]
    operations = [
        migrations.RunSQL(STAGED, "DROP TYPE directory_staged"),
        migrations.RunSQL((SQL / "take_over.sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
