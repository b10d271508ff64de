-- Who belongs to the team (SAFEGUARDS B5). One senior asks, another confirms; both type their passphrase, each in a
-- session of their own. Nothing else changes the team from the running site.

CREATE OR REPLACE FUNCTION review_team_ask(
  who bigint, of_kind text, of_email text, of_name text, of_role text, of_member bigint, code bytea) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  made bigint;
BEGIN
  INSERT INTO public.review_teamchange
    (kind, email, name, role, code_hash, member_id, started_by_id, started_at, ends_at)
  VALUES (of_kind, of_email, of_name, of_role, sha256(code), of_member, who, clock_timestamp(),
          clock_timestamp() + interval '7 days')
  RETURNING id INTO made;
  PERFORM public.review_audit(who, CASE of_kind WHEN 'invite' THEN 'invitation_asked' ELSE of_kind || '_asked' END,
                              'change', made::text, jsonb_build_object('role', of_role, 'member', of_member));
  RETURN made;
END $$;

-- The first senior's half of a newcomer's key comes back once, as hexadecimal text; only its hash is kept.
CREATE OR REPLACE FUNCTION review_ask_to_invite(who bigint, passphrase text, of_email text, of_name text, of_role text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  code text := encode(public.gen_random_bytes(10), 'hex');
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['senior']);
  IF of_role IS NULL OR of_role NOT IN ('reviewer', 'senior', 'registrar', 'auditor') THEN
    PERFORM public.review_refuse('unknown_role');
  END IF;
  IF EXISTS (SELECT 1 FROM public.review_member m JOIN public.staff_account a ON a.id = m.account_id WHERE a.email = lower(of_email)) THEN
    PERFORM public.review_refuse('is_member');
  END IF;
  PERFORM public.review_team_ask(who, 'invite', lower(of_email), of_name, of_role, NULL, convert_to(code, 'UTF8'));
  RETURN code;
END $$;

CREATE OR REPLACE FUNCTION review_ask_to_leave(who bigint, passphrase text, of_member bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['senior']);
  IF NOT EXISTS (SELECT 1 FROM public.review_member m WHERE m.id = of_member AND m.active) THEN
    PERFORM public.review_refuse('unknown_member');
  END IF;
  IF who = of_member THEN
    PERFORM public.review_refuse('same_person');
  END IF;
  RETURN public.review_team_ask(who, 'leave', '', '', '', of_member, NULL);
END $$;

-- Somebody lost a passphrase or a second factor. Like a newcomer, they get a key in two halves from two other seniors.
CREATE OR REPLACE FUNCTION review_ask_to_renew(who bigint, passphrase text, of_member bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  code text := encode(public.gen_random_bytes(10), 'hex');
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['senior']);
  IF NOT EXISTS (SELECT 1 FROM public.review_member m WHERE m.id = of_member AND m.active) THEN
    PERFORM public.review_refuse('unknown_member');
  END IF;
  IF who = of_member THEN
    PERFORM public.review_refuse('same_person');
  END IF;
  PERFORM public.review_team_ask(who, 'renew', '', '', '', of_member, convert_to(code, 'UTF8'));
  RETURN code;
END $$;

-- Takes effect with the second senior. Returns the other half of a newcomer's key, or null when somebody leaves.
-- Two other seniors have to stand behind each departure, so two always remain.
CREATE OR REPLACE FUNCTION review_confirm_change(who bigint, passphrase text, of_change bigint) RETURNS bytea
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  change public.review_teamchange;
  account bigint;
  newcomer bigint;
  token bytea;
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['senior']);
  LOCK TABLE public.review_member IN SHARE ROW EXCLUSIVE MODE;  -- two departures at once would not see each other
  PERFORM public.review_authenticate(who, passphrase, ARRAY['senior']);  -- again: somebody may have left meanwhile
  SELECT * INTO change FROM public.review_teamchange c WHERE c.id = of_change FOR UPDATE;
  IF change.id IS NULL OR change.confirmed_at IS NOT NULL OR change.ends_at < clock_timestamp() THEN
    PERFORM public.review_refuse('change_over');
  END IF;
  IF who = change.started_by_id OR who = change.member_id THEN
    PERFORM public.review_refuse('same_person');
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.review_member m
                  WHERE m.id = change.started_by_id AND m.active AND m.role = 'senior' AND m.secret <> '') THEN
    PERFORM public.review_refuse('change_over');
  END IF;
  IF change.kind = 'leave' THEN
    UPDATE public.review_member SET active = false WHERE id = change.member_id AND active RETURNING id INTO newcomer;
    IF newcomer IS NULL THEN
      PERFORM public.review_refuse('change_over');
    END IF;
  ELSIF change.kind = 'renew' THEN
    -- the old keys end here: passphrase, password, second factor, and with it every session
    UPDATE public.review_member SET secret = '' WHERE id = change.member_id AND active
    RETURNING id, account_id INTO newcomer, account;
    IF newcomer IS NULL THEN
      PERFORM public.review_refuse('change_over');
    END IF;
    UPDATE public.staff_account SET password = '!' || encode(public.gen_random_bytes(20), 'hex') WHERE id = account;
    DELETE FROM public.mfa_authenticator WHERE user_id = account;
    UPDATE public.staff_enrolmentlink SET used_at = clock_timestamp() WHERE account_id = account AND used_at IS NULL;
  ELSE
    IF EXISTS (SELECT 1 FROM public.staff_account a WHERE a.email = change.email) THEN
      PERFORM public.review_refuse('is_member');
    END IF;
    INSERT INTO public.staff_account (email, name, password, is_active, joined_at)
    VALUES (change.email, change.name, '!' || encode(public.gen_random_bytes(20), 'hex'), true, clock_timestamp())
    RETURNING id INTO account;
    INSERT INTO public.review_member (account_id, role, invited_by_id, seconded_by_id, secret, active)
    VALUES (account, change.role, change.started_by_id, who, '', true) RETURNING id INTO newcomer;
  END IF;
  IF change.kind <> 'leave' THEN
    token := public.gen_random_bytes(32);
    INSERT INTO public.staff_enrolmentlink (account_id, token_hash, expires_at)
    VALUES (account, sha256(token), clock_timestamp() + interval '3 days');
  END IF;
  UPDATE public.review_teamchange SET confirmed_by_id = who, confirmed_at = clock_timestamp(), member_id = newcomer
   WHERE id = of_change;
  PERFORM public.review_audit(who, CASE change.kind WHEN 'invite' THEN 'invited' WHEN 'renew' THEN 'renewed' ELSE 'left' END,
                              'member', newcomer::text,
                              jsonb_build_object('first', change.started_by_id, 'role', change.role));
  RETURN token;
END $$;

-- A closeness to a school or to a region; only the person whose it is can tell, or anybody could empty a queue.
CREATE OR REPLACE FUNCTION review_declare_tie(
  who bigint, passphrase text, of_kind text, of_school text, of_region text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM public.review_authenticate(who, passphrase, ARRAY['reviewer', 'senior', 'registrar', 'auditor']);
  IF of_kind IS NULL OR of_kind NOT IN ('studied', 'worked', 'family', 'lives')
     OR (of_school IS NULL) = (of_region IS NULL)
     OR NOT EXISTS (SELECT 1 FROM public.directory_school s WHERE s.id = of_school
                     UNION ALL SELECT 1 FROM public.directory_region r WHERE r.code = of_region) THEN
    PERFORM public.review_refuse('unknown_tie');
  END IF;
  INSERT INTO public.review_tie (member_id, kind, school_id, region_id, declared_at)
  VALUES (who, of_kind, of_school, of_region, clock_timestamp());
  PERFORM public.review_audit(who, 'tie', 'member', who::text,
                              jsonb_build_object('kind', of_kind, 'school', of_school, 'region', of_region));
END $$;

-- Sets the passphrase once; bcrypt of cost 12. A newcomer needs what both inviters handed over, so that neither of them
-- can be the newcomer; the first members of a site have a link of the owner alone.
CREATE OR REPLACE FUNCTION review_enrol(token bytea, passphrase text, code text DEFAULT '') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  link public.staff_enrolmentlink;
  change public.review_teamchange;
  member bigint;
BEGIN
  SELECT * INTO link FROM public.staff_enrolmentlink l WHERE l.token_hash = sha256(token) FOR UPDATE;
  IF link.id IS NULL OR link.used_at IS NOT NULL OR link.expires_at < clock_timestamp() THEN
    PERFORM public.review_refuse('link_spent');
  END IF;
  SELECT c.* INTO change FROM public.review_teamchange c JOIN public.review_member m ON m.id = c.member_id
   WHERE c.kind IN ('invite', 'renew') AND c.confirmed_at IS NOT NULL AND m.account_id = link.account_id
   ORDER BY c.confirmed_at DESC LIMIT 1;
  IF change.id IS NOT NULL AND change.code_hash IS DISTINCT FROM sha256(convert_to(lower(btrim(code)), 'UTF8')) THEN
    PERFORM public.review_refuse('wrong_code');
  END IF;
  IF length(passphrase) < 16 OR octet_length(passphrase) > 72 THEN
    PERFORM public.review_refuse('passphrase_length');
  END IF;
  UPDATE public.review_member SET secret = public.crypt(passphrase, public.gen_salt('bf', 12))
   WHERE account_id = link.account_id AND secret = '' AND active RETURNING id INTO member;
  IF member IS NULL THEN
    PERFORM public.review_refuse('already_enrolled');
  END IF;
  UPDATE public.staff_enrolmentlink SET used_at = clock_timestamp() WHERE id = link.id;
  PERFORM public.review_audit(member, 'enrolled', 'member', member::text, '{}');
  RETURN member;
END $$;
