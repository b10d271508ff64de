"""The functions by which a request is handled; their text is in `moderation/corrections/sql`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def install(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("corrections", "0001_initial")]
    operations = [install(f"{name}.sql") for name in ("state", "identity", "outcome", "words")]
