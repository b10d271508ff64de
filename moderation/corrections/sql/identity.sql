-- Whether the school itself is asking (SAFEGUARDS D1): two proofs of different kinds, each confirmed by a member of the
-- team, then a notice to the school's own fax or by letter, and time to object.

-- The host of a homepage: lower case, without scheme, "www.", port and path; null where there is none.
CREATE OR REPLACE FUNCTION corrections_host(homepage text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT nullif(regexp_replace(
           split_part(split_part(split_part(regexp_replace(lower(btrim(homepage)), '^[a-z]+://', ''), '/', 1), '?', 1), ':', 1),
           '^www\.', ''), '')
$$;

-- The school's host in the register where it belongs to that school alone, or null: one host serves 908 schools.
CREATE OR REPLACE FUNCTION corrections_own_host(of_school text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT own.host
    FROM (SELECT public.corrections_host(s.homepage) AS host FROM public.directory_school s WHERE s.id = of_school) own
   WHERE own.host IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM public.directory_school o
                      WHERE o.id <> of_school AND public.corrections_host(o.homepage) = own.host)
$$;

-- Eight random digits.
CREATE OR REPLACE FUNCTION corrections_new_code() RETURNS text
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT lpad((('x' || encode(public.gen_random_bytes(7), 'hex'))::bit(56)::bigint % 100000000)::text, 8, '0')
$$;

-- Puts a new code in the place of the last one of this kind; the code comes back once and only its hash is kept.
CREATE OR REPLACE FUNCTION corrections_put_code(of_correction uuid, of_kind text, who bigint, life interval) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  code text := public.corrections_new_code();
BEGIN
  INSERT INTO public.corrections_proof AS p
    (correction_id, kind, code_hash, made_by_id, made_at, expires_at, tries, failed)
  VALUES (of_correction, of_kind, public.crypt(code, public.gen_salt('bf', 8)), who, clock_timestamp(),
          clock_timestamp() + life, 0, false)
  ON CONFLICT (correction_id, kind) DO UPDATE
     SET code_hash = excluded.code_hash, made_by_id = excluded.made_by_id, made_at = excluded.made_at,
         expires_at = excluded.expires_at, tries = 0, failed = false
   WHERE p.matched_at IS NULL;
  IF NOT FOUND THEN
    PERFORM public.review_refuse('proof_holds');
  END IF;
  RETURN code;
END $$;

-- A code to be read out to whoever answers the telephone of the register, never another number.
CREATE OR REPLACE FUNCTION corrections_call(who bigint, passphrase text, of_correction uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  begun record;
BEGIN
  begun := public.corrections_begin(who, passphrase, of_correction);
  IF (begun.handling).state <> 'acknowledged' THEN
    PERFORM public.review_refuse('not_in_this_state');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.directory_school s WHERE s.id = (begun.asked).school_id AND s.phone <> '') THEN
    PERFORM public.review_refuse('no_register_phone');
  END IF;
  PERFORM public.review_audit(who, 'correction_call', 'correction', of_correction::text, '{}');
  RETURN public.corrections_put_code(of_correction, 'callback', who, interval '30 minutes');
END $$;

-- Asks the worker to mail a code to the address that was given, if it is at the school's own host.
CREATE OR REPLACE FUNCTION corrections_ask_mail(who bigint, passphrase text, of_correction uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  begun record;
BEGIN
  begun := public.corrections_begin(who, passphrase, of_correction);
  IF (begun.handling).state <> 'acknowledged' THEN
    PERFORM public.review_refuse('not_in_this_state');
  END IF;
  IF (begun.asked).sealed_mail IS NULL OR public.corrections_own_host((begun.asked).school_id) IS NULL THEN
    PERFORM public.review_refuse('no_own_host');
  END IF;
  INSERT INTO public.corrections_proof AS p (correction_id, kind, made_by_id, tries, failed)
  VALUES (of_correction, 'mail', who, 0, false)
  ON CONFLICT (correction_id, kind) DO UPDATE
     SET code_hash = NULL, made_by_id = excluded.made_by_id, made_at = NULL, expires_at = NULL, tries = 0, failed = false
   WHERE p.matched_at IS NULL;
  PERFORM public.review_audit(who, 'correction_mail', 'correction', of_correction::text, '{}');
END $$;

-- The worker's half: a code for the mail that it is about to send, or the note that it may not send one.
CREATE OR REPLACE FUNCTION corrections_mail_code(of_correction uuid, fits boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asker bigint;
BEGIN
  SELECT p.made_by_id INTO asker FROM public.corrections_proof p
   WHERE p.correction_id = of_correction AND p.kind = 'mail' AND p.made_at IS NULL AND NOT p.failed FOR UPDATE;
  IF asker IS NULL THEN
    RETURN NULL;
  END IF;
  IF NOT fits THEN
    UPDATE public.corrections_proof SET failed = true WHERE correction_id = of_correction AND kind = 'mail';
    RETURN NULL;
  END IF;
  RETURN public.corrections_put_code(of_correction, 'mail', asker, interval '24 hours');
END $$;

-- Somebody who has the words of a request types a code. What it does depends on no secret: two comparisons, whatever there
-- is to compare with, and the same answer; whether it was right is seen by the team.
CREATE OR REPLACE FUNCTION corrections_type_code(words bytea, code text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  nobody constant text := '$2a$08$abcdefghijklmnopqrstuuSg4yaTm8xcCdk1cBMtEsLxyUwBvKp9y';
  of_correction uuid;
  of_kind text;
  proof public.corrections_proof;
  right_one boolean;
BEGIN
  SELECT c.id INTO of_correction FROM public.corrections_correction c WHERE c.words_hash = words;
  FOREACH of_kind IN ARRAY ARRAY['callback', 'mail'] LOOP
    SELECT * INTO proof FROM public.corrections_proof p
     WHERE p.correction_id = of_correction AND p.kind = of_kind AND p.code_hash IS NOT NULL FOR UPDATE;
    right_one := public.crypt(coalesce(code, ''), coalesce(proof.code_hash, nobody)) = proof.code_hash;
    UPDATE public.corrections_proof p
       SET tries = p.tries + 1,
           matched_at = CASE WHEN right_one AND p.tries < 5 AND p.expires_at > clock_timestamp()
                             THEN clock_timestamp() END,
           code_hash = CASE WHEN (right_one AND p.tries < 5 AND p.expires_at > clock_timestamp()) OR p.tries >= 4
                            THEN NULL ELSE p.code_hash END
     WHERE p.id = proof.id;
  END LOOP;
END $$;

-- A member of the team confirms one kind of proof; the second kind moves the request on.
CREATE OR REPLACE FUNCTION corrections_confirm(who bigint, passphrase text, of_correction uuid, of_kind text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  begun record;
  held integer;
BEGIN
  begun := public.corrections_begin(who, passphrase, of_correction);
  IF (begun.handling).state <> 'acknowledged' THEN
    PERFORM public.review_refuse('not_in_this_state');
  END IF;
  IF of_kind = 'document' AND (begun.asked).sealed_document IS NOT NULL THEN
    INSERT INTO public.corrections_proof
      (correction_id, kind, made_by_id, made_at, tries, failed, confirmed_by_id, confirmed_at)
    VALUES (of_correction, 'document', who, clock_timestamp(), 0, false, who, clock_timestamp())
    ON CONFLICT DO NOTHING;
  ELSE
    UPDATE public.corrections_proof p SET confirmed_by_id = who, confirmed_at = clock_timestamp()
     WHERE p.correction_id = of_correction AND p.kind = of_kind AND p.matched_at IS NOT NULL AND p.confirmed_at IS NULL;
  END IF;
  IF NOT FOUND THEN
    PERFORM public.review_refuse('nothing_to_confirm');
  END IF;
  PERFORM public.review_audit(who, 'correction_confirm', 'correction', of_correction::text, jsonb_build_object('kind', of_kind));
  held := public.corrections_proofs(of_correction);
  IF held >= 2 THEN
    UPDATE public.corrections_handling SET proved_at = clock_timestamp() WHERE correction_id = of_correction;
    PERFORM public.corrections_move(of_correction, 'proved', who, '{}');
  END IF;
  RETURN held;
END $$;

-- How many kinds of proof hold.
CREATE OR REPLACE FUNCTION corrections_proofs(of_correction uuid) RETURNS integer
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(DISTINCT p.kind)::integer FROM public.corrections_proof p
   WHERE p.correction_id = of_correction AND p.confirmed_at IS NOT NULL
     AND (p.kind = 'document' OR p.matched_at IS NOT NULL)
$$;

-- The notice has gone out; `until` is the end of the time to object, at least a whole day later.
CREATE OR REPLACE FUNCTION corrections_notify(
  who bigint, passphrase text, of_correction uuid, of_channel text, until timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  begun record;
BEGIN
  begun := public.corrections_begin(who, passphrase, of_correction);
  IF of_channel IS NULL OR of_channel NOT IN ('fax', 'letter')
     OR (of_channel = 'fax' AND NOT EXISTS (
           SELECT 1 FROM public.directory_school s WHERE s.id = (begun.asked).school_id AND s.fax <> '')) THEN
    PERFORM public.review_refuse('no_register_fax');
  END IF;
  UPDATE public.corrections_handling
     SET notified_at = clock_timestamp(), notified_by_id = who, channel = of_channel,
         objection_until = greatest(until, clock_timestamp() + interval '24 hours')
   WHERE correction_id = of_correction;
  RETURN public.corrections_move(of_correction, 'notified', who, jsonb_build_object('channel', of_channel));
END $$;

-- The school answered the notice: it was not the school who asked.
CREATE OR REPLACE FUNCTION corrections_object(who bigint, passphrase text, of_correction uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.corrections_begin(who, passphrase, of_correction);
  RETURN public.corrections_move(of_correction, 'objected', who, '{}');
END $$;

-- Asked again before every effect: two kinds of proof, a notice, and nobody objected in time.
CREATE OR REPLACE FUNCTION corrections_check_identity(of_correction uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF public.corrections_proofs(of_correction) < 2 THEN
    PERFORM public.review_refuse('two_proofs');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.corrections_handling h
                  WHERE h.correction_id = of_correction AND h.objection_until <= clock_timestamp()) THEN
    PERFORM public.review_refuse('time_to_object');
  END IF;
END $$;
