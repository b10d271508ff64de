-- How a school's request moves on (SAFEGUARDS D). The rows are those of `transitions.TABLE`; nothing else moves one.

CREATE OR REPLACE FUNCTION corrections_transitions() RETURNS TABLE (source text, event text, target text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  VALUES ('received', 'acknowledged', 'acknowledged'),
         ('acknowledged', 'proved', 'proved'),
         ('proved', 'notified', 'notified'),
         ('proved', 'objected', 'refused'),
         ('notified', 'objected', 'refused'),
         ('notified', 'substantiated', 'disputed'),
         ('notified', 'replied', 'decided'),
         ('notified', 'unsubstantiated', 'decided'),
         ('disputed', 'settled', 'decided'),
         ('disputed', 'settled_again', 'closed'),
         ('decided', 'appealed', 'appealed'),
         ('appealed', 'upheld', 'closed'),
         ('appealed', 'granted', 'disputed'),
         ('appealed', 'granted_reply', 'closed'),
         ('received', 'given_up', 'withdrawn'),
         ('acknowledged', 'given_up', 'withdrawn'),
         ('proved', 'given_up', 'withdrawn'),
         ('notified', 'given_up', 'withdrawn'),
         ('received', 'lapsed', 'lapsed'),
         ('acknowledged', 'lapsed', 'lapsed'),
         ('proved', 'lapsed', 'lapsed'),
         ('notified', 'lapsed', 'lapsed')
$$;

-- The handling of a request, locked; made where there is none yet.
CREATE OR REPLACE FUNCTION corrections_locked(of_correction uuid) RETURNS corrections_handling
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found public.corrections_handling;
BEGIN
  INSERT INTO public.corrections_handling (correction_id, state, since)
  SELECT c.id, 'received', c.received_at FROM public.corrections_correction c WHERE c.id = of_correction
  ON CONFLICT DO NOTHING;
  SELECT * INTO found FROM public.corrections_handling h WHERE h.correction_id = of_correction FOR UPDATE;
  IF found.correction_id IS NULL THEN
    PERFORM public.review_refuse('unknown_correction');
  END IF;
  RETURN found;
END $$;

-- Moves a locked request by one row of the table; `who` is null where no member of the team acts.
CREATE OR REPLACE FUNCTION corrections_move(of_correction uuid, of_event text, who bigint, detail jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  following text;
BEGIN
  SELECT t.target INTO following
    FROM public.corrections_transitions() t JOIN public.corrections_handling h ON h.state = t.source
   WHERE h.correction_id = of_correction AND t.event = of_event;
  IF following IS NULL THEN
    PERFORM public.review_refuse('not_in_this_state');
  END IF;
  UPDATE public.corrections_handling SET state = following, since = clock_timestamp() WHERE correction_id = of_correction;
  PERFORM public.review_audit(who, 'correction_' || of_event, 'correction', of_correction::text, detail);
  RETURN following;
END $$;

-- A member of the team begins something with a request: the handling, locked, and the request itself.
CREATE OR REPLACE FUNCTION corrections_begin(
  who bigint, passphrase text, of_correction uuid, OUT asked corrections_correction, OUT handling corrections_handling)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior']);
  handling := public.corrections_locked(of_correction);
  SELECT * INTO STRICT asked FROM public.corrections_correction c WHERE c.id = of_correction;
  IF public.review_conflicted(who, asked.school_id) THEN
    PERFORM public.review_refuse('conflict');
  END IF;
END $$;

-- Refuses whoever acts on an outdated page: `seen` is the last event of the request's history that it showed. The request
-- stays locked until the transaction ends. Readings change nothing; and a judgement is everybody's own, made blindly.
CREATE OR REPLACE FUNCTION corrections_unchanged(of_correction uuid, seen bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.corrections_locked(of_correction);
  IF EXISTS (SELECT 1 FROM public.audit_auditevent e
              WHERE e.subject = 'correction' AND e.subject_id = of_correction::text AND e.id > coalesce(seen, 0)
                AND e.action NOT IN ('revealed', 'correction_judged')) THEN
    PERFORM public.review_refuse('changed_meanwhile');
  END IF;
END $$;

CREATE OR REPLACE FUNCTION corrections_acknowledge(who bigint, passphrase text, of_correction uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.corrections_begin(who, passphrase, of_correction);
  UPDATE public.corrections_handling SET acknowledged_at = clock_timestamp() WHERE correction_id = of_correction;
  RETURN public.corrections_move(of_correction, 'acknowledged', who, '{}');
END $$;

-- What time does by itself. Codes whose time is over go; and the hard stop (D4): what was not judged within thirty days ends
-- without any effect. Returns how many requests ended.
CREATE OR REPLACE FUNCTION corrections_tidy() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  old uuid;
  done integer := 0;
BEGIN
  PERFORM public.review_fresh();
  UPDATE public.corrections_proof SET code_hash = NULL WHERE code_hash IS NOT NULL AND expires_at < clock_timestamp();
  FOR old IN
    SELECT c.id FROM public.corrections_correction c LEFT JOIN public.corrections_handling h ON h.correction_id = c.id
     WHERE c.received_at < clock_timestamp() - interval '30 days'
       AND coalesce(h.state, 'received') IN (SELECT t.source FROM public.corrections_transitions() t WHERE t.event = 'lapsed')
     ORDER BY c.received_at, c.id LIMIT 500
  LOOP
    PERFORM public.corrections_locked(old);
    PERFORM public.corrections_move(old, 'lapsed', NULL, '{}');
    done := done + 1;
  END LOOP;
  RETURN done;
END $$;
