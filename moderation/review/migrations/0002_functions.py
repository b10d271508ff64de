"""The database functions of casework, read from `moderation/review/sql`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def install(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0001_initial"),
        ("record", "0002_functions"),
        ("audit", "0001_initial"),
        ("intake", "0001_initial"),
    ]
    operations = [install("members.sql"), install("decide.sql"), install("publish.sql")]
