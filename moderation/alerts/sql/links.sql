-- What a link from a mail can do. The public role holds no grant on subscriptions: these functions are its only view
-- of them. Each answers for any token, known or not, and none is ever asked with an address (SAFEGUARDS C4).

CREATE OR REPLACE FUNCTION alerts_state(token bytea)
RETURNS TABLE (state text, school text, region text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN s.id IS NULL THEN 'unknown' WHEN s.confirmed_at IS NULL THEN 'asked' ELSE 'confirmed' END,
         s.school_id, s.region_id
    FROM (SELECT token AS hash) given
    LEFT JOIN public.alerts_subscription s
      ON s.token_hash = given.hash AND (s.confirmed_at IS NOT NULL OR s.asked_at > clock_timestamp() - interval '48 hours')
$$;

-- The owner of the address says yes, within 48 hours. Returns the state afterwards.
CREATE OR REPLACE FUNCTION alerts_confirm(token bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.alerts_subscription s SET confirmed_at = clock_timestamp()
   WHERE s.token_hash = token AND s.confirmed_at IS NULL AND s.asked_at > clock_timestamp() - interval '48 hours';
  RETURN (SELECT a.state FROM public.alerts_state(token) a);
END $$;

-- Ends one subscription, or with `every` all of the same address; nothing of them is left.
CREATE OR REPLACE FUNCTION alerts_end(token bytea, every boolean) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM public.alerts_subscription s
   USING public.alerts_subscription mine
   WHERE mine.token_hash = token AND (s.id = mine.id OR (every AND s.address = mine.address))
$$;

REVOKE ALL ON FUNCTION alerts_state(bytea), alerts_confirm(bytea), alerts_end(bytea, boolean) FROM PUBLIC;
