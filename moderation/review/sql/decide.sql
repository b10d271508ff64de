-- From evidence to a draft, and from a draft to two verdicts (SAFEGUARDS B3–B6).

-- The sources that stand behind that grade: [[publisher, article], …]; the article only where the page names nobody.
CREATE OR REPLACE FUNCTION review_sources(of_case uuid, of_grade text) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_array(x.publisher_id, x.article) ORDER BY x.publisher_id, x.article), '[]')
    FROM (SELECT DISTINCT e.publisher_id, CASE WHEN e.names_nobody THEN e.article ELSE '' END AS article
            FROM public.review_evidence e JOIN public.record_publisher p ON p.code = e.publisher_id AND p.active
           WHERE e.case_id = of_case AND e.grade = of_grade AND of_grade IN ('A', 'B', 'C')
             AND (e.article = '' OR (p.article_pattern <> '' AND e.article ~ ('^(?:' || p.article_pattern || ')$')
                                     AND e.article ~ '^[A-Za-z0-9._-]+$'))) x
$$;

CREATE OR REPLACE FUNCTION review_proposal_text(p review_proposal) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('{"base":%s,"content":%s,"kind":"%s","reason":"%s","record":"%s","school":"%s","school_version":%s}',
                p.base_version,
                public.record_content('confirmed', public.record_place_code(p.names_school, p.school_id, p.region_id),
                                      p.month, p.grade, p.sources),
                p.kind, p.reason, p.record, p.school_id, p.school_version)
$$;

-- What the verdicts on a draft amount to: null, first, approved, rejected, information or disagreed; never what the
-- first person said.
CREATE OR REPLACE FUNCTION review_outcome(of_proposal uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN count(*) = 0 THEN NULL
    WHEN count(*) = 1 THEN 'first'
    WHEN count(*) FILTER (WHERE a.verdict = 'approve') >= 2 THEN 'approved'
    WHEN count(*) FILTER (WHERE a.verdict = 'reject') >= 2 THEN 'rejected'
    WHEN count(*) FILTER (WHERE a.verdict = 'information') >= 2 THEN 'information'
    WHEN count(*) = 2 THEN 'disagreed'
    ELSE 'rejected' END
    FROM public.review_approval a WHERE a.proposal_id = of_proposal
$$;

-- Moves a case to a state; returns the moment at which it was decided. What is deleted so long after a decision
-- (SAFEGUARDS A5) hangs on the two, so a case is closed by its verdicts or as a duplicate alone, now, and for good.
CREATE OR REPLACE FUNCTION review_move(of_case uuid, of_state text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  subject public.review_case;
  outcome text;
  decided timestamptz;
BEGIN
  SELECT * INTO subject FROM public.review_case c WHERE c.id = of_case FOR UPDATE;
  IF subject.id IS NULL THEN
    PERFORM public.review_refuse('unknown_case');
  END IF;
  IF subject.state IN ('published', 'rejected') THEN
    PERFORM public.review_refuse('decided_meanwhile');
  END IF;
  IF of_state IN ('published', 'rejected') THEN
    SELECT public.review_outcome(p.id) INTO outcome FROM public.review_proposal p
     WHERE p.case_id = of_case ORDER BY p.created_at DESC LIMIT 1;
    IF outcome IS DISTINCT FROM (CASE of_state WHEN 'published' THEN 'approved' ELSE 'rejected' END)
       AND NOT (of_state = 'rejected' AND subject.record IS NULL
                AND public.record_about(subject.school_id, subject.month) IS NOT NULL) THEN
      PERFORM public.review_refuse('two_people');
    END IF;
    decided := clock_timestamp();
  END IF;
  UPDATE public.review_case SET state = of_state, decided_at = decided WHERE id = of_case;
  RETURN decided;
END $$;

-- Which reasons the public log may give for which kind of draft; the same table is in vocabulary.REASONS.
CREATE OR REPLACE FUNCTION review_reason_fits(kind text, reason text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(CASE kind
    WHEN 'publish' THEN reason = 'confirmed'
    WHEN 'restore' THEN reason = 'checked'
    WHEN 'correct' THEN reason IN ('wrong_facts', 'identifying', 'source_gone', 'checked')
    WHEN 'withdraw' THEN reason IN ('wrong_school', 'wrong_facts', 'resolved', 'identifying', 'source_gone') END, false)
$$;

CREATE OR REPLACE FUNCTION review_propose(
  who bigint, passphrase text, of_case uuid, of_kind text, of_month date, of_reason text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  subject public.review_case;
  school public.directory_school;
  current_record public.record_impactrecord;
  draft public.review_proposal;
  room boolean;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior']);
  SELECT * INTO subject FROM public.review_case c WHERE c.id = of_case FOR UPDATE;
  IF subject.id IS NULL THEN
    PERFORM public.review_refuse('unknown_case');
  END IF;
  IF subject.state IN ('published', 'rejected') THEN
    PERFORM public.review_refuse('decided_meanwhile');
  END IF;
  -- from the verdicts, not from the case's state: that column the staff role may write
  IF (SELECT public.review_outcome(p.id) FROM public.review_proposal p
       WHERE p.case_id = of_case ORDER BY p.created_at DESC LIMIT 1) <> 'information' THEN
    PERFORM public.review_refuse('verdict_running');
  END IF;
  SELECT * INTO STRICT school FROM public.directory_school s WHERE s.id = subject.school_id;
  IF public.review_conflicted(who, school.id) THEN
    PERFORM public.review_refuse('conflict');
  END IF;
  IF of_month <> date_trunc('month', of_month)::date OR of_month > current_date THEN
    PERFORM public.review_refuse('month');
  END IF;
  IF of_kind = 'publish' THEN
    IF subject.record IS NOT NULL OR public.record_about(school.id, of_month) IS NOT NULL THEN
      PERFORM public.review_refuse('record_exists');
    END IF;
    draft.record := gen_random_uuid();
    draft.base_version := 0;
  ELSIF of_kind IN ('correct', 'withdraw', 'restore') THEN
    SELECT * INTO current_record FROM public.record_impactrecord r WHERE r.public_id = subject.record;
    IF current_record.public_id IS NULL OR current_record.status = 'withdrawn' THEN
      PERFORM public.review_refuse('no_record');
    END IF;
    draft.record := current_record.public_id;
    draft.base_version := current_record.version;
    IF public.record_about(school.id, of_month) <> draft.record THEN
      PERFORM public.review_refuse('record_exists');
    END IF;
  ELSE
    PERFORM public.review_refuse('unknown_kind');
  END IF;
  IF NOT public.review_reason_fits(of_kind, of_reason) THEN
    PERFORM public.review_refuse('unknown_reason');
  END IF;
  draft.id := gen_random_uuid();
  draft.case_id := of_case;
  draft.kind := of_kind;
  draft.school_id := school.id;
  draft.school_version := school.version;
  SELECT p.names_school, p.region_id, p.room INTO draft.names_school, draft.region_id, room
    FROM public.record_place(school.id) p;
  IF of_kind = 'publish' AND NOT room THEN
    PERFORM public.review_refuse('no_room');
  END IF;
  IF of_kind <> 'publish' AND current_record.school_id IS NULL THEN
    draft.names_school := false;  -- fixed at publication: growing past the threshold must not unmask
    draft.region_id := current_record.region_id;
  END IF;
  draft.month := of_month;
  draft.grade := public.review_grade(of_case);
  -- A small school's source could name it: its record shows the grade alone.
  draft.sources := CASE WHEN draft.names_school THEN public.review_sources(of_case, draft.grade) ELSE '[]' END;
  draft.reason := of_reason;
  draft.proposed_by_id := who;
  draft.created_at := clock_timestamp();
  draft.hash := sha256(convert_to(public.review_proposal_text(draft), 'UTF8'));
  INSERT INTO public.review_proposal VALUES (draft.*);
  PERFORM public.review_audit(who, 'proposed', 'proposal', draft.id::text,
                              jsonb_build_object('case', of_case, 'kind', of_kind, 'hash', encode(draft.hash, 'hex')));
  RETURN draft.id;
END $$;

-- One person's verdict over the hash that they were shown. Returns the outcome as it is now.
CREATE OR REPLACE FUNCTION review_decide(
  of_proposal uuid, shown bytea, who bigint, passphrase text, of_verdict text, of_reason text, district text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person public.review_member;
  draft public.review_proposal;
  subject public.review_case;
  before bigint[];
BEGIN
  person := public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior']);
  SELECT c.* INTO subject FROM public.review_case c JOIN public.review_proposal p ON p.case_id = c.id
   WHERE p.id = of_proposal FOR UPDATE OF c;
  IF subject.id IS NULL THEN
    PERFORM public.review_refuse('unknown_proposal');
  END IF;
  SELECT * INTO STRICT draft FROM public.review_proposal p WHERE p.id = of_proposal;
  IF subject.state IN ('published', 'rejected')
     OR public.review_outcome(of_proposal) IN ('approved', 'rejected', 'information') THEN
    PERFORM public.review_refuse('decided_meanwhile');
  END IF;
  IF of_verdict IS NULL OR of_verdict NOT IN ('approve', 'reject', 'information') THEN
    PERFORM public.review_refuse('unknown_verdict');
  END IF;
  IF EXISTS (SELECT 1 FROM public.review_proposal q WHERE q.case_id = subject.id AND q.created_at > draft.created_at) THEN
    PERFORM public.review_refuse('draft_replaced');
  END IF;
  IF draft.hash IS DISTINCT FROM shown THEN
    PERFORM public.review_refuse('other_content');
  END IF;
  IF subject.entered_by_id = who THEN
    PERFORM public.review_refuse('own_case');
  END IF;
  IF public.review_conflicted(who, draft.school_id) THEN
    PERFORM public.review_refuse('conflict');
  END IF;
  IF public.corrections_bars(who, subject.id) THEN
    PERFORM public.review_refuse('took_part');
  END IF;
  IF district IS DISTINCT FROM (SELECT s.region_id FROM public.directory_school s WHERE s.id = draft.school_id) THEN
    PERFORM public.review_refuse('other_district');
  END IF;
  IF of_verdict = 'approve' AND draft.grade = 'E' AND draft.kind <> 'withdraw' THEN
    PERFORM public.review_refuse('grade_never_public');
  END IF;
  IF of_verdict = 'approve' AND draft.kind <> 'withdraw'
     AND (draft.grade, draft.sources) IS DISTINCT FROM
         (public.review_grade(draft.case_id),
          CASE WHEN draft.names_school THEN public.review_sources(draft.case_id, draft.grade) ELSE '[]' END) THEN
    PERFORM public.review_refuse('evidence_changed');
  END IF;
  IF EXISTS (SELECT 1 FROM public.review_approval a WHERE a.proposal_id = of_proposal AND a.member_id = who) THEN
    PERFORM public.review_refuse('same_person');
  END IF;
  SELECT array_agg(a.member_id) INTO before FROM public.review_approval a WHERE a.proposal_id = of_proposal;
  IF cardinality(before) = 1 AND public.review_invitation_pair(before[1], who) THEN
    PERFORM public.review_refuse('invitation_pair');
  END IF;
  IF cardinality(before) >= 2 AND person.role <> 'senior' THEN
    PERFORM public.review_refuse('senior_decides');
  END IF;
  IF cardinality(before) >= 2 AND of_verdict = 'approve' AND NOT EXISTS (
       SELECT 1 FROM public.review_approval a
        WHERE a.proposal_id = of_proposal AND a.verdict = 'approve'
          AND NOT public.review_invitation_pair(a.member_id, who)) THEN
    PERFORM public.review_refuse('no_pair');
  END IF;
  INSERT INTO public.review_approval (proposal_id, hash, member_id, verdict, reason, at)
  VALUES (of_proposal, shown, who, of_verdict, of_reason, clock_timestamp());
  PERFORM public.review_audit(who, 'decided', 'proposal', of_proposal::text,
                              jsonb_build_object('hash', encode(shown, 'hex')));
  RETURN public.review_outcome(of_proposal);
END $$;

-- How many people could give the next verdict on a draft; where two differ, seniors who could settle it by an approval.
-- Before two verdicts exist the number says nothing about the first one.
CREATE OR REPLACE FUNCTION review_people_left(of_proposal uuid) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  given integer := (SELECT count(*) FROM public.review_approval a WHERE a.proposal_id = of_proposal);
BEGIN
  RETURN (
    SELECT count(*)
      FROM public.review_proposal p JOIN public.review_case c ON c.id = p.case_id
      CROSS JOIN public.review_member m
     WHERE p.id = of_proposal AND m.active AND m.secret <> '' AND m.role IN ('reviewer', 'senior')
       AND c.entered_by_id IS DISTINCT FROM m.id
       AND NOT public.review_conflicted(m.id, p.school_id)
       AND NOT public.corrections_bars(m.id, c.id)
       AND NOT EXISTS (SELECT 1 FROM public.review_approval a WHERE a.proposal_id = p.id AND a.member_id = m.id)
       AND CASE given
             WHEN 0 THEN true
             WHEN 1 THEN NOT EXISTS (SELECT 1 FROM public.review_approval a
                                      WHERE a.proposal_id = p.id AND public.review_invitation_pair(a.member_id, m.id))
             ELSE m.role = 'senior'
                  AND EXISTS (SELECT 1 FROM public.review_approval a
                               WHERE a.proposal_id = p.id AND a.verdict = 'approve'
                                 AND NOT public.review_invitation_pair(a.member_id, m.id)) END);
END $$;

-- Blindness in the database: a verdict is readable once a second one exists.
CREATE OR REPLACE VIEW review_decided WITH (security_barrier = true) AS
  SELECT a.id, a.proposal_id, a.member_id, a.verdict, a.reason, a.at
    FROM review_approval a
   WHERE (SELECT count(*) FROM review_approval b WHERE b.proposal_id = a.proposal_id) >= 2;
