"""Reads the public set from PostgreSQL: one statement, so it sees one moment."""

import datetime as dt

from django.db import connection

from geo.record.models import ImpactRecord
from geo.record.snapshot.data import PublicSet, parse

# One line a row, each a JSON array in the order of the values in `data.py`, in the order in which `parse` reads the
# sections. Instants are whole seconds since 1970.
STATEMENT = """
WITH visible AS MATERIALIZED ({visible}),
tombs AS ({tombstones}),
found AS MATERIALIZED (
  SELECT record_id, json_agg(json_build_array(publisher_id, article) ORDER BY publisher_id, article) AS sources
    FROM record_recordsource GROUP BY record_id),
answered AS MATERIALIZED (  -- a school's last answer: its codes are logged together, with one instant
  SELECT e.record, json_agg(e.reason ORDER BY e.reason) AS replies
    FROM record_logentry e
   WHERE e.action = 'replied'
     AND e.at = (SELECT max(l.at) FROM record_logentry l WHERE l.record = e.record AND l.action = 'replied')
   GROUP BY e.record)
SELECT concat_ws(E'\n',
  (SELECT json_build_array('directory', coalesce(max(id), 0)) FROM directory_import),
  (SELECT string_agg(json_build_array('region', code, level, parent_id, name_ko, name_en)::text, E'\n' ORDER BY code)
     FROM directory_region),
  (SELECT string_agg(json_build_array('publisher', code, kind, name_ko, name_en, url)::text, E'\n' ORDER BY code)
     FROM record_publisher),
  (SELECT string_agg(json_build_array('succession', g.id, t.id, t.name, t.name_en, x.how)::text, E'\n' ORDER BY g.id)
     FROM directory_succession x JOIN directory_school t ON t.id = x.successor_id
     JOIN directory_school g ON g.id = x.school_id AND (g.status = 'closed' OR g.left_register_on IS NOT NULL)),
  (SELECT string_agg(json_build_array(
            'record', v.public_id, v.status, v.version, v.month, v.grade, extract(epoch FROM v.published_at)::bigint,
            extract(epoch FROM v.changed_at)::bigint, v.region_id, encode(v.salt, 'hex'), f.sources,
            CASE WHEN s.id IS NOT NULL THEN json_build_array(
              s.id, s.name, s.name_en, s.level, s.founding, s.branch, s.status,
              coalesce(nullif(s.address_road, ''), s.address_lot), s.region_id,
              round(ST_X(s.point)::numeric, 6), round(ST_Y(s.point)::numeric, 6), s.left_register_on IS NOT NULL)
            END, a.replies)::text, E'\n' ORDER BY v.public_id)
     FROM visible v LEFT JOIN directory_school s ON s.id = v.school_id LEFT JOIN found f ON f.record_id = v.public_id
            LEFT JOIN answered a ON a.record = v.public_id),
  (SELECT string_agg(json_build_array(
            'tombstone', public_id, version, reason, extract(epoch FROM changed_at)::bigint)::text, E'\n'
            ORDER BY public_id)
     FROM tombs),
  (SELECT string_agg(json_build_array(
            'change', index, extract(epoch FROM at)::bigint, action, reason, record, version,
            encode(commitment, 'hex'))::text, E'\n' ORDER BY index)
     FROM record_logentry),
  (SELECT string_agg(json_build_array('brake', region_id)::text, E'\n' ORDER BY region_id)
     FROM (SELECT DISTINCT region_id FROM record_brake WHERE shown AND ended_at IS NULL) b),
  (SELECT string_agg(json_build_array('desk', work, month, decided, overdue, median_days, slow_days)::text,
                     E'\n' ORDER BY work, month)
     FROM record_deskmonth),
  (SELECT string_agg(json_build_array('pause', kind, region_id, reason, extract(epoch FROM ends_at)::bigint)::text,
                     E'\n' ORDER BY id)
     FROM record_pause WHERE starts_at <= %s AND ends_at > %s))
"""


def fetch(at: dt.datetime) -> bytes:
    """The public set as text; what `at` decides is only which hides, lapses and pauses are running."""
    rows = ImpactRecord.objects.order_by()
    visible, first = rows.visible(at=at).query.sql_with_params()
    tombstones, second = rows.tombstones().query.sql_with_params()
    statement = STATEMENT.format(visible=visible, tombstones=tombstones)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*first, *second, at, at])
        (text,) = cursor.fetchone()
    return str(text).encode()


def load(at: dt.datetime) -> PublicSet:
    """Everything that readers may see at this instant, in one query."""
    return parse(fetch(at))
