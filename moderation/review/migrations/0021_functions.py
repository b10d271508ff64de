"""Functions for hides, brakes, clocks and the team; `review_invite` gave way to two steps."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def install(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0020_hides_brakes_and_team"),
        ("record", "0021_brake_limits"),
        ("staff", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(
            "DROP FUNCTION IF EXISTS review_invite(bigint, text, bigint, text, bigint, text);"
            "DROP FUNCTION IF EXISTS review_enrol(bytea, text)",
            migrations.RunSQL.noop,
        ),
        *(install(f"{name}.sql") for name in ("members", "clocks", "decide", "brake", "hide", "publish", "team")),
    ]
