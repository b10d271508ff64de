"""Brakes, same texts, changed links and whoever is left are told; a correction cannot move onto another record."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def install(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("review", "0024_links")]
    operations = [install(f"{name}.sql") for name in ("independence", "clocks", "brake", "decide", "publish")]
