"""Reads the public set from PostgreSQL: one statement, so it sees one moment."""

import datetime as dt

from django.db import connection

from geo.record.models import ImpactRecord
from geo.record.snapshot.data import PublicSet, parse

# Rows as arrays, in the order of the values in `data.py`. Instants are whole seconds since 1970.
STATEMENT = """
WITH visible AS MATERIALIZED ({visible}),
tombs AS ({tombstones})
SELECT json_build_object(
  'directory', (SELECT coalesce(max(id), 0) FROM directory_import),
  'regions', (SELECT coalesce(json_agg(json_build_array(code, level, parent_id, name_ko, name_en) ORDER BY code), '[]')
                FROM directory_region),
  'publishers', (SELECT coalesce(json_agg(json_build_array(code, kind, name_ko, name_en, url) ORDER BY code), '[]')
                   FROM record_publisher),
  'schools', (SELECT coalesce(json_agg(json_build_array(
                       s.id, s.name, s.name_en, s.level, s.founding, s.branch, s.status,
                       coalesce(nullif(s.address_road, ''), s.address_lot), s.region_id,
                       round(ST_X(s.point)::numeric, 6), round(ST_Y(s.point)::numeric, 6),
                       s.left_register_on IS NOT NULL) ORDER BY s.id), '[]')
                FROM directory_school s WHERE s.id IN (SELECT school_id FROM visible)),
  'records', (SELECT coalesce(json_agg(json_build_array(
                       v.public_id, v.status, v.version, v.month, v.grade, extract(epoch FROM v.published_at)::bigint,
                       extract(epoch FROM v.changed_at)::bigint, v.school_id, v.region_id, encode(v.salt, 'hex'),
                       found.sources) ORDER BY v.public_id), '[]')
                FROM visible v LEFT JOIN (
                     SELECT record_id, json_agg(json_build_array(publisher_id, article)
                                                ORDER BY publisher_id, article) AS sources
                       FROM record_recordsource GROUP BY record_id) found ON found.record_id = v.public_id),
  'tombstones', (SELECT coalesce(json_agg(json_build_array(
                          public_id, version, reason, extract(epoch FROM changed_at)::bigint) ORDER BY public_id), '[]')
                   FROM tombs),
  'changes', (SELECT coalesce(json_agg(json_build_array(
                       index, extract(epoch FROM at)::bigint, action, reason, record, version, encode(commitment, 'hex'))
                       ORDER BY index), '[]')
                FROM record_logentry)
)::text
"""


def fetch(at: dt.datetime) -> bytes:
    """The public set as JSON text; what `at` decides is only which hides and lapses are running."""
    rows = ImpactRecord.objects.order_by()
    visible, first = rows.visible(at=at).query.sql_with_params()
    tombstones, second = rows.tombstones().query.sql_with_params()
    statement = STATEMENT.format(visible=visible, tombstones=tombstones)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*first, *second])
        (text,) = cursor.fetchone()
    return str(text).encode()


def load(at: dt.datetime) -> PublicSet:
    """Everything that readers may see at this instant, in one query."""
    return parse(fetch(at))
