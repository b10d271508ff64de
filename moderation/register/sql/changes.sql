-- Curated tables take two people (SAFEGUARDS A1): one asks, another confirms exactly what was asked for, and only while
-- the entry is still what it was then. Rows of `register_change` are the history.

CREATE OR REPLACE FUNCTION register_change_hash(of_kind text, of_subject text, before jsonb, after jsonb) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(convert_to(jsonb_build_array(of_kind, of_subject, before, after)::text, 'UTF8'))
$$;

-- The entry as it is now, or null.
CREATE OR REPLACE FUNCTION register_present(of_kind text, of_subject text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_kind = 'publisher' THEN
    RETURN (SELECT jsonb_build_object('kind', p.kind, 'name_ko', p.name_ko, 'name_en', p.name_en, 'url', p.url,
                                      'article_pattern', p.article_pattern, 'active', p.active)
              FROM public.record_publisher p WHERE p.code = of_subject);
  END IF;
  RETURN (SELECT jsonb_build_object('successor', x.successor_id, 'how', x.how, 'since', x.since)
            FROM public.directory_succession x WHERE x.school_id = of_subject);
END $$;

-- A publisher's article number is digits between fixed signs. A pattern that lets words through would let a name
-- through, so there is no way to write one: no letters but single fixed ones, no other classes, no alternatives.
CREATE OR REPLACE FUNCTION register_check_publisher(of_code text, before jsonb, after jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF after IS NULL OR NOT after ?& ARRAY['kind', 'name_ko', 'name_en', 'url', 'article_pattern', 'active']
     OR (SELECT count(*) FROM jsonb_object_keys(after)) <> 6
     OR EXISTS (SELECT 1 FROM jsonb_each(after) e
                 WHERE jsonb_typeof(e.value) <> CASE e.key WHEN 'active' THEN 'boolean' ELSE 'string' END)
     OR of_code !~ '^[a-z0-9][a-z0-9-]{1,39}$'
     OR after ->> 'kind' NOT IN ('police', 'prosecution', 'education_office', 'ministry', 'school', 'press')
     OR after ->> 'name_ko' !~ '^[^[:cntrl:]<>]{1,80}$' OR after ->> 'name_en' !~ '^[^[:cntrl:]<>]{1,80}$' THEN
    PERFORM public.review_refuse('publisher_shape');
  END IF;
  -- what a grade rests on does not change under the records that rest on it
  IF before IS NOT NULL AND before ->> 'kind' <> after ->> 'kind' THEN
    PERFORM public.review_refuse('publisher_kind');
  END IF;
  IF (after ->> 'url' = '') <> (after ->> 'article_pattern' = '')
     OR after ->> 'url' <> '' AND (length(after ->> 'url') > 200
        OR after ->> 'url' !~ '^https://([a-z0-9-]+\.)+[a-z]{2,}/[A-Za-z0-9./_?=&%-]*\{article\}[A-Za-z0-9./_?=&%-]*$') THEN
    PERFORM public.review_refuse('publisher_url');
  END IF;
  IF after ->> 'article_pattern' <> '' AND (length(after ->> 'article_pattern') > 100
     OR after ->> 'article_pattern' !~ '^(([A-Za-z0-9_-]|\\\.)|\[0-9\](\{[0-9]{1,2}(,[0-9]{1,2})?\}|[+?])?)+$'
     OR after ->> 'article_pattern' !~ '\[0-9\]' OR after ->> 'article_pattern' ~ '[A-Za-z]{5}') THEN
    PERFORM public.review_refuse('publisher_pattern');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION register_is_past_day(day text) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN day ~ '^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$' AND day::date <= current_date;
EXCEPTION WHEN datetime_field_overflow THEN
  RETURN false;
END $$;

-- A school that closed or left its register, and the one in operation that it became. No record moves with it. Nobody
-- with a tie to either says so (SAFEGUARDS B6). Without `after`, the link is taken back.
CREATE OR REPLACE FUNCTION register_check_successor(of_school text, after jsonb, people bigint[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.directory_school s WHERE s.id = of_school) THEN
    PERFORM public.review_refuse('unknown_school');
  END IF;
  IF EXISTS (SELECT 1 FROM unnest(people) AS who
              WHERE public.review_conflicted(who, of_school) OR public.review_conflicted(who, after ->> 'successor')) THEN
    PERFORM public.review_refuse('conflict');
  END IF;
  IF after IS NULL THEN
    RETURN;
  END IF;
  IF NOT after ?& ARRAY['successor', 'how', 'since'] OR (SELECT count(*) FROM jsonb_object_keys(after)) <> 3
     OR EXISTS (SELECT 1 FROM jsonb_each(after) e WHERE jsonb_typeof(e.value) <> 'string')
     OR after ->> 'how' NOT IN ('merged', 'renumbered') OR NOT public.register_is_past_day(after ->> 'since') THEN
    PERFORM public.review_refuse('successor_shape');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.directory_school s
                  WHERE s.id = of_school AND (s.status = 'closed' OR s.left_register_on IS NOT NULL)) THEN
    PERFORM public.review_refuse('school_open');
  END IF;
  IF of_school = after ->> 'successor' OR NOT EXISTS (
       SELECT 1 FROM public.directory_school s
        WHERE s.id = after ->> 'successor' AND s.status <> 'closed' AND s.left_register_on IS NULL
          AND NOT EXISTS (SELECT 1 FROM public.directory_succession x WHERE x.school_id = s.id)) THEN
    PERFORM public.review_refuse('successor_gone');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION register_ask(who bigint, passphrase text, of_kind text, of_subject text, wanted jsonb) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  present jsonb := public.register_present(of_kind, of_subject);
  made bigint;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['registrar', 'senior']);
  IF of_kind = 'publisher' THEN
    PERFORM public.register_check_publisher(of_subject, present, wanted);
  ELSIF of_kind = 'successor' THEN
    PERFORM public.register_check_successor(of_subject, wanted, ARRAY[who]);
  ELSE
    PERFORM public.review_refuse('unknown_kind');
  END IF;
  IF wanted IS NOT DISTINCT FROM present THEN
    PERFORM public.review_refuse('nothing_changes');
  END IF;
  INSERT INTO public.register_change (kind, subject, before, after, hash, asked_by_id, asked_at)
  VALUES (of_kind, of_subject, present, wanted,
          public.register_change_hash(of_kind, of_subject, present, wanted), who, clock_timestamp())
  ON CONFLICT DO NOTHING RETURNING id INTO made;
  IF made IS NULL THEN
    PERFORM public.review_refuse('change_waits');
  END IF;
  PERFORM public.review_audit(who, 'register_asked', 'change', made::text,
                              jsonb_build_object('kind', of_kind, 'subject', of_subject));
  RETURN made;
END $$;

CREATE OR REPLACE FUNCTION register_confirm(who bigint, passphrase text, of_change bigint, shown bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  change public.register_change;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['registrar', 'senior', 'reviewer']);
  SELECT * INTO change FROM public.register_change c WHERE c.id = of_change FOR UPDATE;
  IF change.id IS NULL OR change.confirmed_at IS NOT NULL OR change.dropped_at IS NOT NULL THEN
    PERFORM public.review_refuse('register_over');
  END IF;
  IF change.hash IS DISTINCT FROM shown THEN
    PERFORM public.review_refuse('other_content');
  END IF;
  PERFORM public.register_check_pair(change.asked_by_id, who);
  IF change.before IS DISTINCT FROM public.register_present(change.kind, change.subject) THEN
    PERFORM public.review_refuse('entry_changed');
  END IF;
  IF change.kind = 'publisher' THEN
    PERFORM public.register_check_publisher(change.subject, change.before, change.after);
    INSERT INTO public.record_publisher (code, kind, name_ko, name_en, url, article_pattern, active)
    VALUES (change.subject, change.after ->> 'kind', change.after ->> 'name_ko', change.after ->> 'name_en',
            change.after ->> 'url', change.after ->> 'article_pattern', (change.after ->> 'active')::boolean)
    ON CONFLICT (code) DO UPDATE SET
      name_ko = excluded.name_ko, name_en = excluded.name_en, url = excluded.url,
      article_pattern = excluded.article_pattern, active = excluded.active;
  ELSE
    PERFORM public.register_check_successor(change.subject, change.after, ARRAY[change.asked_by_id, who]);
    DELETE FROM public.directory_succession x WHERE x.school_id = change.subject;
    INSERT INTO public.directory_succession (school_id, successor_id, how, since)
    SELECT change.subject, change.after ->> 'successor', change.after ->> 'how', (change.after ->> 'since')::date
     WHERE change.after IS NOT NULL;
  END IF;
  UPDATE public.register_change SET confirmed_by_id = who, confirmed_at = clock_timestamp() WHERE id = of_change;
  PERFORM public.review_audit(who, 'register_confirmed', 'change', of_change::text,
                              jsonb_build_object('first', change.asked_by_id, 'kind', change.kind,
                                                 'subject', change.subject, 'hash', encode(change.hash, 'hex')));
END $$;

-- Two people of whom neither brought the other in, and the first one still belongs to the team.
CREATE OR REPLACE FUNCTION register_check_pair(first bigint, second bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF first = second THEN
    PERFORM public.review_refuse('own_request');
  END IF;
  IF public.review_invitation_pair(first, second) THEN
    PERFORM public.review_refuse('invitation_pair');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.review_member m
                  WHERE m.id = first AND m.active AND m.secret <> '' AND m.role IN ('registrar', 'senior')) THEN
    PERFORM public.review_refuse('register_over');
  END IF;
END $$;

-- What nobody confirms can be taken back by whoever asked, and put aside by anybody else of the desk.
CREATE OR REPLACE FUNCTION register_drop(who bigint, passphrase text, of_change bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dropped bigint;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['registrar', 'senior', 'reviewer']);
  UPDATE public.register_change SET dropped_by_id = who, dropped_at = clock_timestamp()
   WHERE id = of_change AND confirmed_at IS NULL AND dropped_at IS NULL RETURNING id INTO dropped;
  IF dropped IS NULL THEN
    PERFORM public.review_refuse('register_over');
  END IF;
  PERFORM public.review_audit(who, 'register_dropped', 'change', of_change::text, '{}');
END $$;
