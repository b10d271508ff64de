-- What the words of a request can do. The public role reads no table of corrections; each function answers in one shape
-- and does the same for words that are known and words that are not.

CREATE OR REPLACE FUNCTION corrections_status(words bytea)
RETURNS TABLE (reference text, kind text, state text, since timestamptz, received_at timestamptz, acknowledged_at timestamptz,
               proved_at timestamptz, objection_until timestamptz, disputed_at timestamptz, decided_at timestamptz,
               outcome text, reason text, grade text, appealed_at timestamptz, appeal text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.reference, c.kind, CASE WHEN c.id IS NULL THEN 'unknown' ELSE coalesce(h.state, 'received') END,
         coalesce(h.since, c.received_at), c.received_at, h.acknowledged_at, h.proved_at, h.objection_until, h.disputed_at,
         h.decided_at, h.outcome, h.reason, h.grade, h.appealed_at, h.appeal
    FROM (SELECT words AS hash) asked
    LEFT JOIN public.corrections_correction c ON c.words_hash = asked.hash
    LEFT JOIN public.corrections_handling h ON h.correction_id = c.id
$$;

-- One appeal, within thirty days of a decision that did not give what was asked for.
CREATE OR REPLACE FUNCTION corrections_appeal(words bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  decided uuid;
BEGIN
  SELECT h.correction_id INTO decided
    FROM public.corrections_correction c JOIN public.corrections_handling h ON h.correction_id = c.id
   WHERE c.words_hash = words AND h.state = 'decided' AND h.appealed_at IS NULL
     AND h.outcome IN ('corrected', 'stands', 'refused') AND h.decided_at > clock_timestamp() - interval '30 days' FOR UPDATE OF h;
  IF decided IS NOT NULL THEN
    UPDATE public.corrections_handling SET appealed_at = clock_timestamp() WHERE correction_id = decided;
    PERFORM public.corrections_move(decided, 'appealed', NULL, '{}');
  END IF;
END $$;

-- Ends a request that is not judged yet and deletes what was written in it.
CREATE OR REPLACE FUNCTION corrections_give_up(words bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mine uuid;
  handling public.corrections_handling;
BEGIN
  SELECT c.id INTO mine FROM public.corrections_correction c WHERE c.words_hash = words;
  IF mine IS NULL THEN
    RETURN;
  END IF;
  handling := public.corrections_locked(mine);
  IF handling.state IN (SELECT t.source FROM public.corrections_transitions() t WHERE t.event = 'given_up') THEN
    UPDATE public.corrections_correction SET sealed_text = NULL, sealed_document = NULL, sealed_mail = NULL WHERE id = mine;
    PERFORM public.corrections_move(mine, 'given_up', NULL, '{}');
  END IF;
END $$;
