-- What a receipt can do. The public role holds no SELECT on the inbox: these functions are its only view of it.
-- State and withdrawal answer one row for any receipt, known or not, so that neither shape nor count tells which it was.

CREATE OR REPLACE FUNCTION public.intake_status(receipt bytea)
RETURNS TABLE (code text, since timestamptz, reason text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT coalesce(step.code::text, CASE WHEN report.id IS NULL THEN 'unknown' ELSE 'received' END),
           date_trunc('day', coalesce(step.at, report.received_at), 'Asia/Seoul'),
           coalesce(step.reason::text, '')
    FROM (SELECT receipt AS hash) asked
    LEFT JOIN public.intake_submission report ON report.receipt_hash = asked.hash
    LEFT JOIN LATERAL (
        SELECT p.code, p.at, p.reason FROM public.intake_submissionprogress p
        WHERE p.submission_id = report.id
        ORDER BY (p.code = 'withdrawn') DESC, p.id DESC LIMIT 1
    ) step ON true;
END
$$;

-- Forgets what was computed from a report. A mark by which later reports are compared goes over to another report of the
-- case that has the same value: otherwise sending, withdrawing and sending again would make a second origin of one text.
CREATE OR REPLACE FUNCTION public.intake_unmark(report uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE public.intake_submission s SET network = NULL, signature = NULL, links = NULL WHERE s.id = report;
    UPDATE public.review_groupmark m SET submission_id = heirs.heir
      FROM (SELECT mine.id, (
                SELECT s.id FROM public.review_casesubmission g JOIN public.intake_submission s ON s.id = g.submission_id
                 WHERE g.case_id = mine.case_id AND s.id <> report AND CASE mine.kind
                       WHEN 'network' THEN s.network = mine.value
                       WHEN 'link' THEN mine.value = ANY (s.links)
                       ELSE s.signature[2 * get_byte(mine.value, 0) + 1] || s.signature[2 * get_byte(mine.value, 0) + 2]
                            = substr(mine.value, 2) END
                 LIMIT 1) AS heir
              FROM public.review_groupmark mine WHERE mine.submission_id = report) heirs
     WHERE m.id = heirs.id AND heirs.heir IS NOT NULL;
    DELETE FROM public.review_groupmark m WHERE m.submission_id = report;
END
$$;

-- Deletes what the reporter wrote, and what was derived from it, at once; the codes stay for the casework that used them.
CREATE OR REPLACE FUNCTION public.intake_withdraw(receipt bytea)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    report uuid;
BEGIN
    SELECT s.id INTO report FROM public.intake_submission s WHERE s.receipt_hash = receipt FOR UPDATE;
    IF report IS NULL THEN
        RETURN 'unknown';
    END IF;
    UPDATE public.intake_submission s SET sealed_text = NULL, sealed_contact = NULL WHERE s.id = report;
    UPDATE public.intake_answer a SET sealed_text = NULL
      FROM public.intake_question q WHERE q.id = a.question_id AND q.submission_id = report;
    PERFORM public.intake_unmark(report);
    INSERT INTO public.intake_submissionprogress (submission_id, code)
    VALUES (report, 'withdrawn') ON CONFLICT DO NOTHING;
    RETURN 'withdrawn';
END
$$;

-- What reviewers asked of this report, oldest first; `answer` is empty until the reporter gave one.
CREATE OR REPLACE FUNCTION public.intake_questions(receipt bytea)
RETURNS TABLE (code text, answer text)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT q.code::text, coalesce(a.code::text, '')
    FROM public.intake_submission s
    JOIN public.intake_question q ON q.submission_id = s.id
    LEFT JOIN public.intake_answer a ON a.question_id = q.id
    WHERE s.receipt_hash = receipt
      AND NOT EXISTS (SELECT 1 FROM public.intake_submissionprogress p
                      WHERE p.submission_id = s.id AND p.code = 'withdrawn')
    ORDER BY q.id;
END
$$;

-- One answer to one question that was asked, while nobody has decided; a second one changes nothing.
CREATE OR REPLACE FUNCTION public.intake_answer_question(receipt bytea, question text, answer text, sealed bytea)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    report uuid;
    asked bigint;
BEGIN
    SELECT s.id INTO report FROM public.intake_submission s WHERE s.receipt_hash = receipt FOR UPDATE;
    SELECT q.id INTO asked FROM public.intake_question q WHERE q.submission_id = report AND q.code = question;
    IF asked IS NULL OR answer IS NULL THEN
        RETURN 'unknown';
    END IF;
    IF EXISTS (SELECT 1 FROM public.intake_submissionprogress p
               WHERE p.submission_id = report AND p.code IN ('published', 'not_published', 'withdrawn')) THEN
        RETURN 'over';
    END IF;
    INSERT INTO public.intake_answer (question_id, code, sealed_text) VALUES (asked, answer, sealed)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'answered';
    END IF;
    INSERT INTO public.audit_auditevent (role, action, subject, subject_id, detail)
    SELECT session_user, 'answered', 'case', g.case_id::text,
           jsonb_build_object('submission', report, 'question', question)
      FROM public.review_casesubmission g WHERE g.submission_id = report;
    RETURN 'taken';
END
$$;

REVOKE ALL ON FUNCTION public.intake_status(bytea), public.intake_unmark(uuid), public.intake_withdraw(bytea),
    public.intake_questions(bytea), public.intake_answer_question(bytea, text, text, bytea) FROM PUBLIC;
