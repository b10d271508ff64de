-- Notice before publication (SAFEGUARDS B10): the school's register contact is told, and has a window to answer. None is
-- needed where an official page that is linked has already named the school, and none where the window is set to zero.

CREATE OR REPLACE FUNCTION review_notice_state(of_case uuid, OUT needed boolean, OUT told_at timestamptz, OUT ends_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT w.hours FROM public.review_noticewindow w), 48) > 0
         AND NOT (public.review_grade(of_case) = 'A' AND EXISTS (
                   SELECT 1 FROM jsonb_array_elements(public.review_sources(of_case, 'A')) s WHERE s ->> 1 <> '')),
         (SELECT min(n.at) FROM public.review_notice n WHERE n.case_id = of_case),
         (SELECT min(n.ends_at) FROM public.review_notice n WHERE n.case_id = of_case)
$$;

-- Asked by `record_publish`, under its lock.
CREATE OR REPLACE FUNCTION review_check_notice(of_case uuid) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  notice record;
BEGIN
  SELECT * INTO notice FROM public.review_notice_state(of_case);
  IF notice.needed AND notice.told_at IS NULL THEN
    PERFORM public.review_refuse('notice_missing');
  END IF;
  IF notice.needed AND notice.ends_at > clock_timestamp() THEN
    PERFORM public.review_refuse('notice_window');
  END IF;
END $$;

-- Somebody of the team has told the school; the channel has to be in the register, or is the education office.
CREATE OR REPLACE FUNCTION review_notify(who bigint, passphrase text, of_case uuid, of_channel text) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  subject public.review_case;
  ending timestamptz;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior']);
  SELECT * INTO subject FROM public.review_case c WHERE c.id = of_case FOR UPDATE;
  IF subject.id IS NULL THEN
    PERFORM public.review_refuse('unknown_case');
  END IF;
  IF subject.state IN ('published', 'rejected') THEN
    PERFORM public.review_refuse('decided_meanwhile');
  END IF;
  IF public.review_conflicted(who, subject.school_id) THEN
    PERFORM public.review_refuse('conflict');
  END IF;
  IF of_channel IS NULL OR NOT EXISTS (
       SELECT 1 FROM public.directory_school s WHERE s.id = subject.school_id
          AND CASE of_channel WHEN 'phone' THEN s.phone <> '' WHEN 'fax' THEN s.fax <> '' WHEN 'letter' THEN true ELSE false END) THEN
    PERFORM public.review_refuse('no_register_contact');
  END IF;
  ending := clock_timestamp() + make_interval(hours => coalesce((SELECT w.hours FROM public.review_noticewindow w), 48));
  INSERT INTO public.review_notice (case_id, channel, member_id, at, ends_at)
  VALUES (of_case, of_channel, who, clock_timestamp(), ending);
  PERFORM public.review_audit(who, 'notified', 'case', of_case::text, jsonb_build_object('channel', of_channel, 'until', ending));
  RETURN ending;
END $$;
