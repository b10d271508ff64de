-- What becomes of a request under the privacy act: two people decide, one of them a senior, and then it is erased.
-- The rows are those of `transitions.TABLE`; nothing else moves a request.

CREATE OR REPLACE FUNCTION erasure_transitions() RETURNS TABLE (source text, event text, target text)
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  VALUES ('received', 'proposed', 'proposed'),
         ('proposed', 'returned', 'received'),
         ('proposed', 'confirmed', 'decided'),
         ('received', 'given_up', 'withdrawn'),
         ('proposed', 'given_up', 'withdrawn'),
         ('received', 'lapsed', 'lapsed'),
         ('proposed', 'lapsed', 'lapsed')
$$;

-- The handling of a request, locked; made where there is none yet.
CREATE OR REPLACE FUNCTION erasure_locked(of_request uuid) RETURNS erasure_handling
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found public.erasure_handling;
BEGIN
  INSERT INTO public.erasure_handling (request_id, state, since)
  SELECT r.id, 'received', r.received_at FROM public.erasure_inbox_request r WHERE r.id = of_request
  ON CONFLICT DO NOTHING;
  SELECT * INTO found FROM public.erasure_handling h WHERE h.request_id = of_request FOR UPDATE;
  IF found.request_id IS NULL THEN
    PERFORM public.review_refuse('unknown_request');
  END IF;
  RETURN found;
END $$;

-- The state to which an event leads from this one, or a refusal.
CREATE OR REPLACE FUNCTION erasure_next(from_state text, of_event text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  following text;
BEGIN
  SELECT t.target INTO following FROM public.erasure_transitions() t WHERE t.source = from_state AND t.event = of_event;
  IF following IS NULL THEN
    PERFORM public.review_refuse('not_in_this_state');
  END IF;
  RETURN following;
END $$;

-- The school that an item is about; null where there is no such item.
CREATE OR REPLACE FUNCTION erasure_school(of_part text, of_target uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.school_id FROM public.intake_submission s WHERE s.id = of_target AND of_part LIKE 'report\_%'
   UNION ALL
  SELECT c.school_id FROM public.corrections_correction c WHERE c.id = of_target AND of_part LIKE 'correction\_%'
$$;

-- Whether these words, of a report or of a school's request, open this thing; whether they open anything without one.
CREATE OR REPLACE FUNCTION erasure_opens(named bytea, of_target uuid DEFAULT NULL) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT FROM public.intake_submission s
                  WHERE s.receipt_hash = named AND s.id = coalesce(of_target, s.id))
      OR EXISTS (SELECT FROM public.corrections_correction c
                  WHERE c.words_hash = named AND c.id = coalesce(of_target, c.id))
$$;

-- Whoever shows no words that open something gets one reason, whether something is held or not: any other would tell.
CREATE OR REPLACE FUNCTION erasure_check_ground(of_request uuid, of_ground text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF of_ground NOT IN ('', 'not_shown') AND NOT EXISTS (
       SELECT FROM public.erasure_inbox_request r WHERE r.id = of_request AND public.erasure_opens(r.named_hash)) THEN
    PERFORM public.review_refuse('ground_tells');
  END IF;
END $$;

-- Each item exists, and nobody of these two has a tie to its school (SAFEGUARDS B6). Told, and not erased, is only what the
-- request's own words open: otherwise anybody could ask whether somebody reported a school.
CREATE OR REPLACE FUNCTION erasure_check_items(of_request uuid, one bigint, other bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked public.erasure_inbox_request;
  item public.erasure_item;
  school text;
BEGIN
  SELECT * INTO STRICT asked FROM public.erasure_inbox_request r WHERE r.id = of_request;
  FOR item IN SELECT * FROM public.erasure_item i WHERE i.request_id = of_request LOOP
    school := public.erasure_school(item.part, item.target);
    IF school IS NULL THEN
      PERFORM public.review_refuse('unknown_item');
    ELSIF public.review_conflicted(one, school) OR public.review_conflicted(other, school) THEN
      PERFORM public.review_refuse('conflict');
    ELSIF asked.wish = 'access' AND NOT public.erasure_opens(asked.named_hash, item.target) THEN
      PERFORM public.review_refuse('not_theirs');
    END IF;
  END LOOP;
END $$;

-- SHA-256 of a salt and of everything that is decided. Without the salt it can be neither opened nor guessed.
CREATE OR REPLACE FUNCTION erasure_commitment(of_request uuid, of_verdict text, of_ground text, salt bytea) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(salt || convert_to(concat_ws(E'\n', r.id, r.wish, of_verdict, of_ground,
           (SELECT string_agg(i.part || ':' || i.target, E'\n' ORDER BY i.part, i.target)
              FROM public.erasure_item i WHERE i.request_id = r.id)), 'UTF8'))
    FROM public.erasure_inbox_request r WHERE r.id = of_request
$$;

-- The first of two people says what should happen. `chosen` are items, each "part:id". Returns the commitment.
CREATE OR REPLACE FUNCTION erasure_propose(
  who bigint, passphrase text, of_request uuid, of_verdict text, of_ground text, chosen text[]) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  handling public.erasure_handling;
  following text;
  grain bytea := public.gen_random_bytes(32);
  made bytea;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior']);
  handling := public.erasure_locked(of_request);
  following := public.erasure_next(handling.state, 'proposed');
  IF of_verdict NOT IN ('granted', 'partly', 'refused') OR (of_verdict = 'granted') <> (of_ground = '') THEN
    PERFORM public.review_refuse('unknown_reason');
  END IF;
  IF (of_verdict = 'refused') <> (cardinality(chosen) = 0) THEN
    PERFORM public.review_refuse('items_and_verdict');
  END IF;
  IF cardinality(chosen) > 50 THEN  -- as many as a second person can look at
    PERFORM public.review_refuse('too_many_items');
  END IF;
  PERFORM public.erasure_check_ground(of_request, of_ground);
  INSERT INTO public.erasure_item (request_id, part, target)
  SELECT DISTINCT of_request, split_part(c, ':', 1), split_part(c, ':', 2)::uuid FROM unnest(chosen) c;
  PERFORM public.erasure_check_items(of_request, who, who);
  made := public.erasure_commitment(of_request, of_verdict, of_ground, grain);
  UPDATE public.erasure_handling
     SET state = following, since = clock_timestamp(), proposed_by_id = who, proposed_at = clock_timestamp(),
         verdict = of_verdict, ground = of_ground, salt = grain, commitment = made
   WHERE request_id = of_request;
  PERFORM public.review_audit(who, 'erasure_proposed', 'erasure', of_request::text, '{}');
  RETURN made;
END $$;

-- What was proposed is no more; only a locked request.
CREATE OR REPLACE FUNCTION erasure_unpropose(of_request uuid, following text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM public.erasure_item i WHERE i.request_id = of_request;
  UPDATE public.erasure_handling
     SET state = following, since = clock_timestamp(), proposed_by_id = NULL, proposed_at = NULL, verdict = NULL,
         ground = '', salt = NULL, commitment = NULL
   WHERE request_id = of_request;
$$;

-- Anybody of the team, the first person included, sends a proposal back: nothing was erased.
CREATE OR REPLACE FUNCTION erasure_return(who bigint, passphrase text, of_request uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  handling public.erasure_handling;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior']);
  handling := public.erasure_locked(of_request);
  PERFORM public.erasure_unpropose(of_request, public.erasure_next(handling.state, 'returned'));
  PERFORM public.review_audit(who, 'erasure_returned', 'erasure', of_request::text, '{}');
END $$;

-- Deletes one part of what somebody wrote, and what was computed from it. No process may call it by itself.
CREATE OR REPLACE FUNCTION erasure_shred(of_part text, of_target uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  CASE of_part
    WHEN 'report_text' THEN
      PERFORM public.intake_unmark(of_target);
      UPDATE public.intake_submission SET sealed_text = NULL WHERE id = of_target;
    WHEN 'report_contact' THEN
      UPDATE public.intake_submission SET sealed_contact = NULL WHERE id = of_target;
    WHEN 'report_answers' THEN
      UPDATE public.intake_answer a SET sealed_text = NULL
        FROM public.intake_question q WHERE q.id = a.question_id AND q.submission_id = of_target;
    WHEN 'correction_text' THEN
      UPDATE public.corrections_correction SET sealed_text = NULL WHERE id = of_target;
    WHEN 'correction_document' THEN
      UPDATE public.corrections_correction SET sealed_document = NULL WHERE id = of_target;
    WHEN 'correction_mail' THEN
      UPDATE public.corrections_correction SET sealed_mail = NULL WHERE id = of_target;
  END CASE;
END $$;

-- The second person agrees with exactly what they were shown: it takes effect at once. One of the two is a senior; both
-- are still active and without a tie now. They may be an invitation pair: where two seniors invited everybody else, nobody
-- could stand beside a senior, and the law gives ten days. The audit keeps the codes and the commitment.
CREATE OR REPLACE FUNCTION erasure_confirm(who bigint, passphrase text, of_request uuid, shown bytea) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  handling public.erasure_handling;
  person public.review_member;
  first public.review_member;
  following text;
BEGIN
  person := public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior']);
  handling := public.erasure_locked(of_request);
  following := public.erasure_next(handling.state, 'confirmed');
  SELECT * INTO STRICT first FROM public.review_member m WHERE m.id = handling.proposed_by_id;
  IF first.id = who THEN
    PERFORM public.review_refuse('same_person');
  ELSIF NOT first.active OR first.role NOT IN ('reviewer', 'senior') THEN
    PERFORM public.review_refuse('first_has_left');
  ELSIF 'senior' NOT IN (first.role, person.role) THEN
    PERFORM public.review_refuse('one_senior');
  ELSIF shown IS DISTINCT FROM handling.commitment
     OR shown <> public.erasure_commitment(of_request, handling.verdict, handling.ground, handling.salt) THEN
    PERFORM public.review_refuse('other_content');
  END IF;
  PERFORM public.erasure_check_ground(of_request, handling.ground);
  PERFORM public.erasure_check_items(of_request, who, first.id);
  IF (SELECT r.wish FROM public.erasure_inbox_request r WHERE r.id = of_request) = 'erase' THEN
    PERFORM public.erasure_shred(i.part, i.target)
       FROM (SELECT * FROM public.erasure_item x WHERE x.request_id = of_request ORDER BY x.target, x.part) i;
  END IF;
  UPDATE public.erasure_handling
     SET state = following, since = clock_timestamp(), decided_by_id = who, decided_at = clock_timestamp()
   WHERE request_id = of_request;
  PERFORM public.review_audit(who, 'erasure_confirmed', 'erasure', of_request::text,
    jsonb_build_object('verdict', handling.verdict, 'ground', handling.ground, 'commitment', encode(shown, 'hex')));
  RETURN following;
END $$;

-- How far the request with these words is; one row for any words, and of a decision nothing before two have made it. Parts
-- are those alone that the words in the request open: the others would tell that somebody reported a school.
CREATE OR REPLACE FUNCTION erasure_status(words bytea)
RETURNS TABLE (reference text, wish text, state text, since timestamptz, received_at timestamptz, decided_at timestamptz,
               verdict text, ground text, parts text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT r.reference, r.wish, CASE WHEN r.id IS NULL THEN 'unknown' ELSE coalesce(h.state, 'received') END,
         coalesce(h.since, r.received_at), r.received_at, h.decided_at,
         CASE WHEN h.state = 'decided' THEN h.verdict END, CASE WHEN h.state = 'decided' THEN h.ground ELSE '' END,
         ARRAY(SELECT DISTINCT i.part::text FROM public.erasure_item i
                WHERE i.request_id = r.id AND h.state = 'decided' AND public.erasure_opens(r.named_hash, i.target) ORDER BY 1)
    FROM (SELECT words AS hash) asked
    LEFT JOIN public.erasure_inbox_request r ON r.words_hash = asked.hash
    LEFT JOIN public.erasure_handling h ON h.request_id = r.id
$$;

-- Ends a request that nobody has decided and deletes what was written in it; only a locked one.
CREATE OR REPLACE FUNCTION erasure_end(of_request uuid, of_event text, following text) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  UPDATE public.erasure_inbox_request SET named_hash = NULL, sealed_text = NULL, sealed_mail = NULL WHERE id = of_request;
  SELECT public.erasure_unpropose(of_request, following);
  SELECT public.review_audit(NULL, 'erasure_' || of_event, 'erasure', of_request::text, '{}');
$$;

-- Whoever asked takes it back.
CREATE OR REPLACE FUNCTION erasure_give_up(words bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  mine uuid;
  handling public.erasure_handling;
BEGIN
  SELECT r.id INTO mine FROM public.erasure_inbox_request r WHERE r.words_hash = words;
  IF mine IS NULL THEN
    RETURN;
  END IF;
  handling := public.erasure_locked(mine);
  IF handling.state IN (SELECT t.source FROM public.erasure_transitions() t WHERE t.event = 'given_up') THEN
    PERFORM public.erasure_end(mine, 'given_up', 'withdrawn');
  END IF;
END $$;

-- What nobody answered is not kept for ever: it ends a hundred days after the last step, ten of the clock and ninety more.
-- Returns how many requests ended.
CREATE OR REPLACE FUNCTION erasure_tidy() RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  old uuid;
  handling public.erasure_handling;
  longest constant interval := interval '100 days';
  done integer := 0;
BEGIN
  PERFORM public.review_fresh();
  FOR old IN
    SELECT r.id FROM public.erasure_inbox_request r LEFT JOIN public.erasure_handling h ON h.request_id = r.id
     WHERE coalesce(h.since, r.received_at) < clock_timestamp() - longest
       AND coalesce(h.state, 'received') IN (SELECT t.source FROM public.erasure_transitions() t WHERE t.event = 'lapsed')
     ORDER BY r.received_at, r.id LIMIT 500
  LOOP
    handling := public.erasure_locked(old);
    IF handling.since < clock_timestamp() - longest THEN  -- nobody came in between
      PERFORM public.erasure_end(old, 'lapsed', public.erasure_next(handling.state, 'lapsed'));
      done := done + 1;
    END IF;
  END LOOP;
  RETURN done;
END $$;

-- Does again what was done after a backup was made (`moderation/erasure/journal.py`); the owner's alone. Returns whether
-- there is such a thing here. What was done before changes nothing.
CREATE OR REPLACE FUNCTION erasure_replay(kind text, of_target uuid) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  words bytea;
BEGIN
  CASE kind
    WHEN 'report_withdrawn' THEN
      SELECT s.receipt_hash INTO words FROM public.intake_submission s WHERE s.id = of_target;
      PERFORM public.intake_withdraw(words);
    WHEN 'correction_given_up' THEN
      SELECT c.words_hash INTO words FROM public.corrections_correction c WHERE c.id = of_target;
      PERFORM public.corrections_give_up(words);
    WHEN 'request_given_up' THEN
      SELECT r.words_hash INTO words FROM public.erasure_inbox_request r WHERE r.id = of_target;
      PERFORM public.erasure_give_up(words);
    ELSE
      PERFORM public.erasure_shred(kind, of_target);
      RETURN public.erasure_school(kind, of_target) IS NOT NULL;
  END CASE;
  RETURN words IS NOT NULL;
END $$;
