"""Puts the setting of the notice window where the database's rules can read it and no running process can change it."""

from django.conf import settings
from django.db import connection


def apply(**_: object) -> None:
    """Writes `NOTICE_HOURS` into the database; runs as the owner, after every migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.review_noticewindow')")
        if cursor.fetchone() == (None,):
            return  # an early migration: its table comes later
        cursor.execute(
            "INSERT INTO review_noticewindow (id, hours) VALUES (1, %s)"
            " ON CONFLICT (id) DO UPDATE SET hours = excluded.hours",
            [settings.NOTICE_HOURS],
        )
