-- What time does by itself: hides end, checks fall due and lapse (SAFEGUARDS B7, B9). No function here is told the
-- time; whoever calls them too early, too late or twice changes nothing.

-- The day, in UTC whatever a session's settings say; visible() in Python uses the same one.
CREATE OR REPLACE FUNCTION record_today() RETURNS date
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date
$$;

-- The last day of a record's validity: grade D 90 days, the others 365. For a region-only record it is counted from
-- the month's batch, since a lapse would otherwise tell the day of the decision.
CREATE OR REPLACE FUNCTION record_due(of_grade text, names_school boolean) RETURNS date
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN names_school THEN public.record_today()
              ELSE (date_trunc('month', clock_timestamp() AT TIME ZONE 'Asia/Seoul') + interval '1 month')::date END
         + CASE WHEN of_grade = 'D' THEN 90 ELSE 365 END
$$;

-- Records for which the log says another thing than the clock: `action` and `reason` are what it has to say.
CREATE OR REPLACE FUNCTION record_overdue_entries()
RETURNS TABLE (public_id uuid, action text, reason text)
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.public_id, CASE WHEN lapsed THEN 'hidden' ELSE 'restored' END, CASE WHEN lapsed THEN 'lapsed' ELSE 'ended' END
    FROM public.record_impactrecord r
    CROSS JOIN LATERAL (SELECT r.review_due < public.record_today() AS lapsed) due
    CROSS JOIN LATERAL (
      SELECT e.action, e.reason FROM public.record_logentry e
       WHERE e.record = r.public_id AND e.action IN ('published', 'hidden', 'restored')
       ORDER BY e.index DESC LIMIT 1) said
   WHERE r.status IN ('confirmed', 'disputed') AND r.published_at <= clock_timestamp()
     AND (lapsed OR EXISTS (SELECT 1 FROM public.record_recordhide h WHERE h.record_id = r.public_id))
     AND CASE WHEN lapsed THEN (said.action, said.reason) <> ('hidden', 'lapsed')
              ELSE said.action = 'hidden'
                   AND NOT EXISTS (SELECT 1 FROM public.record_recordhide h
                                    WHERE h.record_id = r.public_id AND h.ends_at > clock_timestamp()) END
   ORDER BY r.public_id
$$;

-- Writes those entries, and ends brakes that hold no longer. Returns how many things it did.
CREATE OR REPLACE FUNCTION record_keep_time() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  entry record;
  done integer := 0;
  over integer;
BEGIN
  PERFORM public.review_fresh();
  UPDATE public.record_brake b SET ended_at = date_trunc('second', clock_timestamp())
   WHERE b.ended_at IS NULL AND NOT public.record_brake_holds(b.region_id, b.kind, NULL);
  GET DIAGNOSTICS over = ROW_COUNT;
  IF NOT EXISTS (SELECT 1 FROM public.record_overdue_entries()) THEN
    RETURN over;
  END IF;
  PERFORM public.record_log_lock();
  FOR entry IN SELECT * FROM public.record_overdue_entries() LOOP
    PERFORM public.record_log_seen(entry.action, entry.reason, entry.public_id, clock_timestamp());
    PERFORM public.review_audit(NULL, CASE entry.action WHEN 'hidden' THEN 'lapsed' ELSE 'hide_ended' END,
                                'record', entry.public_id::text, '{}');
    done := done + 1;
  END LOOP;
  RETURN done + over;
END $$;

-- A case of kind "check" stands in the queue: 14 days before a lapse, once per period; and when a page that the record
-- links to was edited or is gone since somebody confirmed it, once per change (SAFEGUARDS A2).
CREATE OR REPLACE FUNCTION review_open_checks() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due uuid;
  opened integer := 0;
BEGIN
  PERFORM public.review_fresh();
  FOR due IN
    SELECT r.public_id FROM public.record_impactrecord r
     WHERE r.status IN ('confirmed', 'disputed') AND r.published_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM public.review_case c
                        WHERE c.record = r.public_id AND c.state NOT IN ('published', 'rejected'))
       AND (r.review_due <= public.record_today() + 14
            AND NOT EXISTS (SELECT 1 FROM public.review_case c
                             WHERE c.record = r.public_id AND c.kind = 'check' AND c.opened_at >= r.review_due - 14)
            OR EXISTS (SELECT 1 FROM public.record_recordsource s
                         JOIN public.review_linkcheck l ON l.publisher_id = s.publisher_id AND l.article = s.article
                        WHERE s.record_id = r.public_id AND l.state IN ('edited', 'gone')
                          AND NOT EXISTS (SELECT 1 FROM public.review_case c
                                           WHERE c.record = r.public_id AND c.decided_at >= l.since)))
     ORDER BY r.review_due, r.public_id LIMIT 500
  LOOP
    IF public.review_case_about(due, NULL) IS NOT NULL THEN
      opened := opened + 1;
    END IF;
  END LOOP;
  RETURN opened;
END $$;
