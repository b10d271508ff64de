-- Intake, publication and reading are switched off separately, by region or everywhere (SAFEGUARDS F2). A pause is a
-- public row with an end and a code; the audit says who. It can only make less public.

CREATE OR REPLACE FUNCTION record_paused(of_kind text, of_school text) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.record_pause p
     WHERE p.kind = of_kind AND p.starts_at <= clock_timestamp() AND p.ends_at > clock_timestamp()
       AND (p.region_id IS NULL OR p.region_id IN (
             SELECT x.code FROM public.directory_school s JOIN public.directory_region g ON g.code = s.region_id
              CROSS JOIN LATERAL (VALUES (g.code), (g.parent_id)) AS x (code) WHERE s.id = of_school)))
$$;

CREATE OR REPLACE FUNCTION review_pause(
  who bigint, passphrase text, of_kind text, of_region text, of_reason text, hours integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made bigint;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['senior']);
  IF of_kind IS NULL OR of_kind NOT IN ('intake', 'publication', 'reading')
     OR of_reason IS NULL OR of_reason NOT IN ('crowd', 'attack', 'order', 'fault') THEN
    PERFORM public.review_refuse('unknown_kind');
  END IF;
  IF hours IS NULL OR hours NOT BETWEEN 1 AND (CASE of_kind WHEN 'reading' THEN 72 ELSE 168 END) THEN
    PERFORM public.review_refuse('pause_length');
  END IF;
  -- What hides records is one person's for 72 hours and once (B7); longer needs a second one, who takes turns.
  IF of_kind = 'reading' AND who = (
       SELECT e.member FROM public.audit_auditevent e
        WHERE e.subject = 'pause' AND e.action = 'paused' AND e.detail ->> 'kind' = 'reading'
          AND e.at > clock_timestamp() - interval '30 days'
        ORDER BY e.id DESC LIMIT 1) THEN
    PERFORM public.review_refuse('own_pause_again');
  END IF;
  INSERT INTO public.record_pause (kind, region_id, reason, starts_at, ends_at)
  VALUES (of_kind, of_region, of_reason, clock_timestamp(), clock_timestamp() + make_interval(hours => hours))
  RETURNING id INTO made;
  PERFORM public.review_audit(who, 'paused', 'pause', made::text,
                              jsonb_build_object('kind', of_kind, 'region', of_region, 'reason', of_reason));
  RETURN made;
END $$;

-- A pause of reading or publication is ended by another senior: what one closed, another opens again, so that nobody
-- opens and closes as they please. Intake may be opened by the same one.
CREATE OR REPLACE FUNCTION review_end_pause(who bigint, passphrase text, of_pause bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  running public.record_pause;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['senior']);
  SELECT * INTO running FROM public.record_pause p WHERE p.id = of_pause FOR UPDATE;
  IF running.id IS NULL OR running.ends_at <= clock_timestamp() THEN
    PERFORM public.review_refuse('pause_over');
  END IF;
  IF running.kind <> 'intake' AND EXISTS (
       SELECT 1 FROM public.audit_auditevent e
        WHERE e.subject = 'pause' AND e.subject_id = of_pause::text AND e.action = 'paused' AND e.member = who) THEN
    PERFORM public.review_refuse('own_pause');
  END IF;
  UPDATE public.record_pause SET ends_at = greatest(clock_timestamp(), starts_at + interval '1 microsecond')
   WHERE id = of_pause;
  PERFORM public.review_audit(who, 'unpaused', 'pause', of_pause::text, '{}');
END $$;
