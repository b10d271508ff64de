"""The database functions of the public record, read from `geo/record/sql`."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def install(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [
        install("place.sql"),
        install("log.sql"),
        migrations.RunSQL(
            "INSERT INTO record_disclosurethreshold (level, pupils, unknown_is_small) VALUES"
            " ('elementary', 100, true), ('middle', 100, true), ('high', 100, true), ('special', 100, true),"
            " ('other', 100, true), ('university', 100, false)",
            migrations.RunSQL.noop,
        ),
    ]
