-- Which reports count as one (SAFEGUARDS B3, B4), and what is forgotten once a case is decided.

-- Whether two first-hand reporters of a case are independent: other groups, other networks (both known), other minutes.
-- A report that was withdrawn counts for nothing. Among all n combinations, those that share no part with one of them are
-- n less those that share a part (inclusion and exclusion), so a flood costs a sort and no pairs.
CREATE OR REPLACE FUNCTION review_independent(of_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH told AS (
    SELECT DISTINCT g."group" AS g, g.origin AS o, date_trunc('minute', s.received_at) AS m
      FROM public.review_casesubmission g JOIN public.intake_submission s ON s.id = g.submission_id
     WHERE g.case_id IN (  -- a check of a public record looks at the sources again; its reporters are those of before
             SELECT c.id FROM public.review_case c JOIN public.review_case x ON x.id = of_case
              WHERE c.id = of_case OR c.record = x.record)
       AND g.origin IS NOT NULL
       AND s.how_known IN ('victim', 'family', 'friend', 'witness', 'staff')
       AND NOT EXISTS (SELECT 1 FROM public.intake_submissionprogress p WHERE p.submission_id = s.id AND p.code = 'withdrawn'))
  SELECT EXISTS (
    SELECT 1 FROM (
      SELECT count(*) OVER () AS n,
             count(*) OVER (PARTITION BY g) + count(*) OVER (PARTITION BY o) + count(*) OVER (PARTITION BY m)
             - count(*) OVER (PARTITION BY g, o) - count(*) OVER (PARTITION BY g, m) - count(*) OVER (PARTITION BY o, m)
             + 1 AS shares
        FROM told) x
     WHERE x.shares < x.n)
$$;

-- At how many other schools a text near-identical to one of this case's arrived, as far as their cases are open: marks
-- go at the decision. 16 of 32 values alike is half of the text, as in moderation/review/grouping.py.
CREATE OR REPLACE FUNCTION review_same_text_elsewhere(of_case uuid) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (
    SELECT count(DISTINCT theirs.school_id)
      FROM (SELECT DISTINCT here.submission_id AS one, there.submission_id AS other, there.case_id
              FROM public.review_groupmark here
              JOIN public.review_groupmark there
                ON there.kind = 'text' AND there.value = here.value AND there.case_id <> here.case_id
             WHERE here.case_id = of_case AND here.kind = 'text') met
      JOIN public.review_case theirs ON theirs.id = met.case_id
      JOIN public.intake_submission a ON a.id = met.one
      JOIN public.intake_submission b ON b.id = met.other
     WHERE theirs.school_id <> (SELECT c.school_id FROM public.review_case c WHERE c.id = of_case)
       AND (SELECT count(*) FROM generate_subscripts(a.signature, 1) i WHERE a.signature[i] = b.signature[i]) >= 16);
END $$;

-- The grade that the evidence of a case carries.
CREATE OR REPLACE FUNCTION review_grade(of_case uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH found AS (
    SELECT e.grade, p.kind, p.code
      FROM public.review_evidence e LEFT JOIN public.record_publisher p ON p.code = e.publisher_id AND p.active
     WHERE e.case_id = of_case)
  SELECT CASE
    WHEN EXISTS (SELECT 1 FROM found WHERE grade = 'A' AND kind IN ('police', 'prosecution', 'education_office', 'ministry')) THEN 'A'
    WHEN EXISTS (SELECT 1 FROM found WHERE grade = 'B' AND kind = 'school') THEN 'B'
    WHEN (SELECT count(DISTINCT code) FROM found WHERE grade = 'C' AND kind = 'press') >= 2 THEN 'C'
    WHEN EXISTS (SELECT 1 FROM found WHERE grade = 'D') AND public.review_independent(of_case) THEN 'D'
    ELSE 'E' END
$$;

-- Deletes what was derived from texts and networks of a case's reports; only of a decided case.
CREATE OR REPLACE FUNCTION review_forget(of_case uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.review_case c WHERE c.id = of_case AND c.state IN ('published', 'rejected')) THEN
    RETURN;
  END IF;
  UPDATE public.intake_submission s SET signature = NULL, links = NULL, network = NULL
    FROM public.review_casesubmission g
   WHERE g.case_id = of_case AND s.id = g.submission_id
     AND (s.signature IS NOT NULL OR s.links IS NOT NULL OR s.network IS NOT NULL);
  DELETE FROM public.review_groupmark m WHERE m.case_id = of_case;
END $$;
