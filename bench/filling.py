"""A database full of invented records, for benchmarks: as many as asked for, the same every time."""

from django.db import connection, transaction

# Two provinces of ten districts; schools over Korea's area; two thirds of the records in the newest year.
STATEMENTS = (
    """INSERT INTO directory_region (code, level, parent_id, name_ko, name_en, valid_from)
       SELECT 'X' || p, 'province', NULL, '보기도' || p, 'Example province ' || p, '2024-01-01' FROM generate_series(1, 2) p""",
    """INSERT INTO directory_region (code, level, parent_id, name_ko, name_en, valid_from)
       SELECT 'X' || p || lpad(d::text, 2, '0'), 'district', 'X' || p, '보기' || d || '구', 'Example-gu ' || d, '2024-01-01'
         FROM generate_series(1, 2) p, generate_series(1, 10) d""",
    """INSERT INTO directory_school (id, register, name, name_en, level, founding, status, branch, address_road, address_lot,
         office, district_office, region_id, point, located, pupils, phone, fax, homepage, register_date, version,
         name_key, initials, name_en_key, grams)
       SELECT 'X9' || lpad(n::text, 8, '0'), 'standard', '보기' || n || '중학교', 'Example ' || n || ' Middle School',
              (ARRAY['elementary', 'middle', 'high'])[1 + n %% 3], 'public', 'operating', 'main',
              '보기도 보기구 보기로 ' || n, '', '', '', 'X' || (1 + n %% 2) || lpad((1 + n %% 10)::text, 2, '0'),
              ST_SetSRID(ST_MakePoint(126.5 + (n * 7919 %% 30000) / 10000.0, 34.5 + (n * 104729 %% 35000) / 10000.0), 4326),
              'register', 500, '', '', '', '2026-03-20', 1, '', '', '', '{{}}'
         FROM generate_series(1, %(records)s) n""",
    """INSERT INTO record_publisher (code, kind, name_ko, name_en, url, article_pattern, active)
       VALUES ('example-police', 'police', '보기경찰청', 'Example Police', 'https://police.example.org/{article}', '[0-9]{4,12}', true),
              ('example-press', 'press', '보기일보', 'Example Daily', 'https://press.example.org/{article}', '[0-9]{4,12}', true)""",
    """CREATE TEMP TABLE filling ON COMMIT DROP AS
       SELECT md5('record' || n)::uuid AS id, 'X9' || lpad(n::text, 8, '0') AS school, sha256(('salt' || n)::bytea) AS salt,
              (date_trunc('month', date '2026-09-01') - (n %% 24) * interval '1 month')::date AS month,
              CASE WHEN n %% 3 = 0 THEN 'C' ELSE 'A' END AS grade,
              timestamptz '2026-09-20 00:00:00+00' + n * interval '1 second' AS at
         FROM generate_series(1, %(records)s) n""",
    """INSERT INTO record_impactrecord
         (public_id, status, version, school_id, month, grade, salt, published_at, changed_at, review_due)
       SELECT id, 'confirmed', 1, school, month, grade, salt, at, at, '2099-01-01' FROM filling""",
    """INSERT INTO record_recordsource (record_id, publisher_id, article)
       SELECT id, 'example-police', '20260901' FROM filling WHERE grade = 'A'
       UNION ALL SELECT id, 'example-press', article FROM filling, unnest(ARRAY['20260902', '20260903']) article
        WHERE grade = 'C'""",
    """SELECT count(record_log_append('published', 'confirmed', id, 1, salt,
                record_content('confirmed', 'school:' || school, month, grade, record_sources(id)), at))
         FROM (SELECT * FROM filling ORDER BY at) f""",
    "ANALYZE",
)


def fill(records: int) -> None:
    """Schools with one published record each, with their sources and log entries, as the publishing function leaves them.

    Written as the owner: 20,000 approvals by two people each are what `visible` measures, not what it starts from.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in STATEMENTS:
            if "%(" in statement:
                cursor.execute(statement.replace("{{}}", "{}"), {"records": records})
            else:
                cursor.execute(statement)
