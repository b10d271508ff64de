-- Who acts: every function below asks for the passphrase that one person knows (TWO_PEOPLE). A refusal is an
-- error with SQLSTATE MS000 whose message is a code; Python translates it.

CREATE OR REPLACE FUNCTION review_refuse(code text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION '%', code USING ERRCODE = 'MS000';
END $$;

-- Rules are asked of the present. In a transaction of a stricter isolation they would be asked of the moment at which it
-- began: a tie that was declared since, or a person who has left, would not be seen.
CREATE OR REPLACE FUNCTION review_fresh() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM public.review_refuse('isolation');
  END IF;
END $$;

-- The member whose passphrase this is, or a refusal.
CREATE OR REPLACE FUNCTION review_authenticate(who bigint, passphrase text, roles text[]) RETURNS review_member
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  person public.review_member;
BEGIN
  PERFORM public.review_fresh();
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

-- Inviter and invitee do not form a pair (SAFEGUARDS B5), nor do people with those who gave them new keys.
CREATE OR REPLACE FUNCTION review_invitation_pair(a bigint, b bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM public.review_member m
     WHERE (m.id = a AND b IN (m.invited_by_id, m.seconded_by_id))
        OR (m.id = b AND a IN (m.invited_by_id, m.seconded_by_id)))
      OR EXISTS (
    SELECT 1 FROM public.review_teamchange c
     WHERE c.kind = 'renew' AND c.confirmed_at IS NOT NULL
       AND ((c.member_id = a AND b IN (c.started_by_id, c.confirmed_by_id))
         OR (c.member_id = b AND a IN (c.started_by_id, c.confirmed_by_id))));
END $$;
