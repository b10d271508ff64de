-- What a request that is the school's own can do (SAFEGUARDS D3–D6). Two people judge it; what follows for the record is
-- decided in a case by two people again, like everything that becomes public.

-- The record that a request is about: public, not withdrawn, and of the school that asks. Else a refusal.
CREATE OR REPLACE FUNCTION corrections_record(of_correction uuid) RETURNS record_impactrecord
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  found public.record_impactrecord;
BEGIN
  SELECT r.* INTO found
    FROM public.corrections_correction c JOIN public.record_impactrecord r ON r.public_id = c.record
   WHERE c.id = of_correction AND r.status <> 'withdrawn' AND r.published_at IS NOT NULL
     AND public.review_school_of(r.public_id) = c.school_id;
  IF found.public_id IS NULL THEN
    PERFORM public.review_refuse('no_record');
  END IF;
  RETURN found;
END $$;

-- The school's answer, code by code, in the public log: what stands beside a record is the last answer there.
CREATE OR REPLACE FUNCTION corrections_reply(of_correction uuid, of_record uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  moment timestamptz := date_trunc('second', clock_timestamp());
  code text;
BEGIN
  PERFORM public.record_log_lock();
  FOR code IN SELECT DISTINCT unnest(c.replies) FROM public.corrections_correction c WHERE c.id = of_correction ORDER BY 1 LOOP
    PERFORM public.record_log_seen('replied', code, of_record, moment);
  END LOOP;
END $$;

-- Grade D goes out of sight for thirty days, once; every other record stays, with "the school disputes this" (D3). A case
-- opens, or the open one is taken, in which two people decide.
CREATE OR REPLACE FUNCTION corrections_dispute(of_correction uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  subject public.record_impactrecord := public.corrections_record(of_correction);
  of_case uuid := public.review_case_about(subject.public_id, NULL);  -- before the log's lock, as decisions lock
  made bigint;
  new_salt bytea := public.gen_random_bytes(32);
BEGIN
  IF of_case IS NULL THEN
    PERFORM public.review_refuse('case_running');
  END IF;
  PERFORM public.record_log_lock();
  PERFORM public.corrections_reply(of_correction, subject.public_id);
  subject := public.corrections_record(of_correction);
  IF subject.grade = 'D' AND NOT EXISTS (
       SELECT 1 FROM public.corrections_handling h JOIN public.record_recordhide x ON x.id = h.hide_id
        WHERE x.record_id = subject.public_id) THEN
    INSERT INTO public.record_recordhide (record_id, reason, starts_at, ends_at)
    VALUES (subject.public_id, 'checking', clock_timestamp(), clock_timestamp() + interval '30 days') RETURNING id INTO made;
    PERFORM public.record_log_seen('hidden', 'checking', subject.public_id, clock_timestamp());
  ELSIF subject.status = 'confirmed' THEN
    UPDATE public.record_impactrecord
       SET status = 'disputed', version = subject.version + 1, salt = new_salt, changed_at = date_trunc('second', clock_timestamp())
     WHERE public_id = subject.public_id;
    PERFORM public.record_log_append(
      'disputed', 'checking', subject.public_id, subject.version + 1, new_salt,
      public.record_content('disputed', public.record_place_code(subject.school_id IS NOT NULL, subject.school_id, subject.region_id),
                            subject.month, subject.grade, public.record_sources(subject.public_id)), clock_timestamp());
  END IF;
  UPDATE public.corrections_handling SET disputed_at = clock_timestamp(), case_id = of_case, hide_id = coalesce(made, hide_id)
   WHERE correction_id = of_correction;
END $$;

-- Whether somebody had a part in the first decision: judged it, or proposed or gave a verdict on a draft about its record
-- that was decided between the notice and the appeal, whenever that draft was written.
CREATE OR REPLACE FUNCTION corrections_took_part(who bigint, of_correction uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.corrections_judgement j
                  WHERE j.correction_id = of_correction AND j.stage = 'first' AND j.member_id = who)
      OR EXISTS (SELECT 1
                   FROM public.corrections_handling h
                   JOIN public.corrections_correction c ON c.id = h.correction_id
                   JOIN public.review_proposal p ON p.record = c.record
                   JOIN public.review_case k ON k.id = p.case_id
                   JOIN public.review_approval a ON a.proposal_id = p.id AND a.at <= h.appealed_at
                  WHERE h.correction_id = of_correction AND who IN (p.proposed_by_id, a.member_id)
                    AND (k.decided_at BETWEEN h.notified_at AND h.appealed_at OR EXISTS (
                          SELECT 1 FROM public.review_approval v
                           WHERE v.proposal_id = p.id AND v.at BETWEEN h.notified_at AND h.appealed_at)))
$$;

-- Whether a case decides about an appeal in whose first decision somebody had a part: two others decide there (D5).
CREATE OR REPLACE FUNCTION corrections_bars(who bigint, of_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.corrections_handling h
                  WHERE h.case_id = of_case AND h.state = 'disputed' AND h.appealed_at IS NOT NULL
                    AND public.corrections_took_part(who, h.correction_id))
$$;

-- One person's judgement of a request, or of its appeal; the second that agrees takes effect. Nobody can read the first.
CREATE OR REPLACE FUNCTION corrections_judge(
  who bigint, passphrase text, of_correction uuid, of_verdict text, of_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  begun record;
  of_stage text;
  earlier bigint[];
  agreed integer;
  moment timestamptz := clock_timestamp();
BEGIN
  begun := public.corrections_begin(who, passphrase, of_correction);
  of_stage := CASE (begun.handling).state WHEN 'notified' THEN 'first' WHEN 'appealed' THEN 'appeal' END;
  IF of_stage IS NULL THEN
    PERFORM public.review_refuse('not_in_this_state');
  END IF;
  PERFORM public.corrections_check_identity(of_correction);
  IF of_verdict IS NULL OR of_verdict NOT IN ('yes', 'no') THEN
    PERFORM public.review_refuse('unknown_verdict');
  END IF;
  IF (of_verdict = 'yes') IS DISTINCT FROM (of_reason = 'substantiated')
     OR of_reason NOT IN ('substantiated', 'evidence_stands', 'other_record', 'not_a_ground') THEN
    PERFORM public.review_refuse('unknown_reason');
  END IF;
  IF of_verdict = 'yes' THEN
    PERFORM public.corrections_record(of_correction);
  END IF;
  IF of_stage = 'appeal' AND public.corrections_took_part(who, of_correction) THEN
    PERFORM public.review_refuse('took_part');
  END IF;
  SELECT coalesce(array_agg(j.member_id), '{}') INTO earlier FROM public.corrections_judgement j
   WHERE j.correction_id = of_correction AND j.stage = of_stage;
  IF who = ANY (earlier) THEN
    PERFORM public.review_refuse('same_person');
  END IF;
  IF EXISTS (SELECT 1 FROM unnest(earlier) e (member) WHERE public.review_invitation_pair(e.member, who)) THEN
    PERFORM public.review_refuse('invitation_pair');
  END IF;
  IF cardinality(earlier) >= 2 AND NOT EXISTS (SELECT 1 FROM public.review_member m WHERE m.id = who AND m.role = 'senior') THEN
    PERFORM public.review_refuse('senior_decides');
  END IF;
  INSERT INTO public.corrections_judgement (correction_id, stage, member_id, verdict, reason, at)
  VALUES (of_correction, of_stage, who, of_verdict, of_reason, moment);
  PERFORM public.review_audit(who, 'correction_judged', 'correction', of_correction::text, jsonb_build_object('stage', of_stage));
  SELECT count(*) INTO agreed  -- by people who may judge it now
    FROM public.corrections_judgement j JOIN public.review_member m ON m.id = j.member_id AND m.active AND m.role IN ('reviewer', 'senior')
   WHERE j.correction_id = of_correction AND j.stage = of_stage AND j.verdict = of_verdict
     AND NOT public.review_conflicted(j.member_id, (begun.asked).school_id);
  IF agreed < 2 THEN
    RETURN (begun.handling).state;
  END IF;
  RETURN public.corrections_carry_out(of_correction, of_stage, of_verdict, of_reason);
END $$;

-- What two people judged, done.
CREATE OR REPLACE FUNCTION corrections_carry_out(of_correction uuid, of_stage text, of_verdict text, of_reason text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked public.corrections_correction;
  subject public.record_impactrecord;
  rebuttal boolean;
BEGIN
  SELECT * INTO STRICT asked FROM public.corrections_correction c WHERE c.id = of_correction;
  SELECT * INTO subject FROM public.record_impactrecord r WHERE r.public_id = asked.record;
  rebuttal := asked.kind = 'rebuttal';
  IF of_stage = 'appeal' THEN
    UPDATE public.corrections_handling SET appeal = CASE of_verdict WHEN 'yes' THEN 'granted' ELSE 'upheld' END
     WHERE correction_id = of_correction;
  END IF;
  IF of_verdict = 'yes' AND NOT rebuttal THEN
    PERFORM public.corrections_dispute(of_correction);
    RETURN public.corrections_move(of_correction, CASE of_stage WHEN 'first' THEN 'substantiated' ELSE 'granted' END, NULL, '{}');
  END IF;
  IF of_verdict = 'yes' THEN
    PERFORM public.corrections_reply(of_correction, subject.public_id);
  END IF;
  IF of_stage = 'first' OR of_verdict = 'yes' THEN
    UPDATE public.corrections_handling
       SET decided_at = clock_timestamp(), outcome = CASE of_verdict WHEN 'yes' THEN 'replied' ELSE 'refused' END,
           reason = of_reason, grade = subject.grade
     WHERE correction_id = of_correction;
  END IF;
  RETURN public.corrections_move(of_correction, CASE
    WHEN of_stage = 'first' THEN CASE of_verdict WHEN 'yes' THEN 'replied' ELSE 'unsubstantiated' END
    WHEN of_verdict = 'yes' THEN 'granted_reply' ELSE 'upheld' END, NULL, '{}');
END $$;

-- Two people decided in the case of a dispute (`record_publish`): its requests are decided with it.
CREATE OR REPLACE FUNCTION corrections_settle(of_case uuid, of_kind text, of_reason text, of_grade text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  dispute public.corrections_handling;
  settled integer := 0;
BEGIN
  FOR dispute IN
    SELECT * FROM public.corrections_handling h WHERE h.case_id = of_case AND h.state = 'disputed'
     ORDER BY h.correction_id FOR UPDATE
  LOOP
    UPDATE public.record_recordhide x SET ends_at = greatest(clock_timestamp(), x.starts_at + interval '1 microsecond')
     WHERE x.id = dispute.hide_id AND x.ends_at > clock_timestamp();
    UPDATE public.corrections_handling
       SET decided_at = clock_timestamp(), reason = of_reason, grade = of_grade,
           outcome = CASE of_kind WHEN 'withdraw' THEN 'withdrawn' WHEN 'correct' THEN 'corrected' ELSE 'stands' END
     WHERE correction_id = dispute.correction_id;
    PERFORM public.corrections_move(
      dispute.correction_id, CASE WHEN dispute.appealed_at IS NULL THEN 'settled' ELSE 'settled_again' END, NULL,
      jsonb_build_object('case', of_case));
    settled := settled + 1;
  END LOOP;
  RETURN settled;
END $$;

-- Two people refused to withdraw or to correct a disputed record: it stands, without the mark. Refused to confirm it
-- again, nothing is decided, and another case opens. Returns whether anything changed.
CREATE OR REPLACE FUNCTION corrections_settle_rejected(of_case uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  draft public.review_proposal;
  subject public.record_impactrecord;
  new_salt bytea := public.gen_random_bytes(32);
  next_case uuid;
BEGIN
  PERFORM public.review_fresh();
  SELECT * INTO draft FROM public.review_proposal p WHERE p.case_id = of_case ORDER BY p.created_at DESC LIMIT 1;
  IF draft.id IS NULL OR public.review_outcome(draft.id) IS DISTINCT FROM 'rejected'
     OR NOT EXISTS (SELECT 1 FROM public.corrections_handling h WHERE h.case_id = of_case AND h.state = 'disputed') THEN
    RETURN false;
  END IF;
  IF draft.kind NOT IN ('withdraw', 'correct') THEN
    next_case := public.review_case_about(draft.record, NULL);
    UPDATE public.corrections_handling SET case_id = next_case WHERE case_id = of_case AND state = 'disputed';
    RETURN true;
  END IF;
  PERFORM public.record_log_lock();
  SELECT * INTO STRICT subject FROM public.record_impactrecord r WHERE r.public_id = draft.record FOR UPDATE;
  IF subject.status = 'disputed' THEN
    UPDATE public.record_impactrecord
       SET status = 'confirmed', version = subject.version + 1, salt = new_salt, changed_at = date_trunc('second', clock_timestamp())
     WHERE public_id = subject.public_id;
    PERFORM public.record_log_append(
      'restored', 'checked', subject.public_id, subject.version + 1, new_salt,
      public.record_content('confirmed', public.record_place_code(subject.school_id IS NOT NULL, subject.school_id, subject.region_id),
                            subject.month, subject.grade, public.record_sources(subject.public_id)), clock_timestamp());
  END IF;
  PERFORM public.corrections_settle(of_case, 'restore', 'checked', subject.grade);
  RETURN true;
END $$;
