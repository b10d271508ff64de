-- Who acts: every function below asks for the passphrase that one person knows (TWO_PEOPLE). A refusal is an
-- error with SQLSTATE MS000 whose message is a code; Python translates it.

CREATE OR REPLACE FUNCTION review_refuse(code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '%', code USING ERRCODE = 'MS000';
END $$;

-- The member whose passphrase this is, or a refusal.
CREATE OR REPLACE FUNCTION review_authenticate(who bigint, passphrase text, roles text[]) RETURNS review_member
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person public.review_member;
BEGIN
  SELECT * INTO person FROM public.review_member m WHERE m.id = who;
  IF person.id IS NULL OR NOT person.active OR person.secret = ''
     OR person.secret IS DISTINCT FROM public.crypt(passphrase, person.secret) THEN
    PERFORM public.review_refuse('wrong_passphrase');
  END IF;
  IF person.role <> ALL (roles) THEN
    PERFORM public.review_refuse('wrong_role');
  END IF;
  RETURN person;
END $$;

CREATE OR REPLACE FUNCTION review_conflicted(who bigint, school text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1
      FROM public.review_tie t
      JOIN public.directory_school s ON s.id = school
      LEFT JOIN public.directory_region r ON r.code = s.region_id
     WHERE t.member_id = who AND (t.school_id = s.id OR t.region_id IN (r.code, r.parent_id)))
$$;

-- Inviter and invitee do not form a pair (SAFEGUARDS B5).
CREATE OR REPLACE FUNCTION review_invitation_pair(a bigint, b bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.review_member m
     WHERE (m.id = a AND b IN (m.invited_by_id, m.seconded_by_id))
        OR (m.id = b AND a IN (m.invited_by_id, m.seconded_by_id)))
$$;

CREATE OR REPLACE FUNCTION review_audit(who bigint, action text, subject text, subject_id text, detail jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO public.audit_auditevent (role, member, action, subject, subject_id, detail)
  VALUES (session_user, who, action, subject, subject_id, detail)
$$;

-- Two seniors invite; the new member cannot act before enrolling.
CREATE OR REPLACE FUNCTION review_invite(
  account bigint, new_role text, first bigint, first_passphrase text, second bigint, second_passphrase text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  member bigint;
BEGIN
  IF first = second THEN
    PERFORM public.review_refuse('same_person');
  END IF;
  PERFORM public.review_authenticate(first, first_passphrase, ARRAY['senior']);
  PERFORM public.review_authenticate(second, second_passphrase, ARRAY['senior']);
  IF new_role NOT IN ('reviewer', 'senior', 'registrar', 'auditor') THEN
    PERFORM public.review_refuse('unknown_role');
  END IF;
  INSERT INTO public.review_member (account_id, role, invited_by_id, seconded_by_id, secret, active)
  VALUES (account, new_role, first, second, '', true) RETURNING id INTO member;
  PERFORM public.review_audit(first, 'invited', 'member', member::text, jsonb_build_object('second', second, 'role', new_role));
  RETURN member;
END $$;

-- Sets the passphrase once, with the one-time enrolment token; bcrypt of cost 12.
CREATE OR REPLACE FUNCTION review_enrol(token bytea, passphrase text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  link public.staff_enrolmentlink;
  member bigint;
BEGIN
  SELECT * INTO link FROM public.staff_enrolmentlink l WHERE l.token_hash = sha256(token) FOR UPDATE;
  IF link.id IS NULL OR link.used_at IS NOT NULL OR link.expires_at < now() THEN
    PERFORM public.review_refuse('link_spent');
  END IF;
  IF length(passphrase) < 16 OR octet_length(passphrase) > 72 THEN
    PERFORM public.review_refuse('passphrase_length');
  END IF;
  UPDATE public.review_member SET secret = public.crypt(passphrase, public.gen_salt('bf', 12))
   WHERE account_id = link.account_id AND secret = '' RETURNING id INTO member;
  IF member IS NULL THEN
    PERFORM public.review_refuse('already_enrolled');
  END IF;
  UPDATE public.staff_enrolmentlink SET used_at = now() WHERE id = link.id;
  PERFORM public.review_audit(member, 'enrolled', 'member', member::text, '{}');
  RETURN member;
END $$;
