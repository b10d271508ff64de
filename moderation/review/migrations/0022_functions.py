"""The functions once more: grants follow the migrations, and a running site gets what was corrected since."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def install(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("review", "0021_functions")]
    operations = [install(f"{name}.sql") for name in ("independence", "clocks", "brake", "hide", "decide", "publish")]
