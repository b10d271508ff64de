"""New keys for somebody who lost theirs, from two other seniors."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def install(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("review", "0035_the_desk")]
    operations = [install(f"{name}.sql") for name in ("members", "team")]
