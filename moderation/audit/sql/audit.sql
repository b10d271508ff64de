-- The two ways into the audit trail (SAFEGUARDS E1); no role may insert, change or delete a row itself.

-- What a function of the database did. Who is named there has just been asked for the passphrase.
CREATE OR REPLACE FUNCTION review_audit(who bigint, action text, subject text, subject_id text, detail jsonb) RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO public.audit_auditevent (role, member, proven, action, subject, subject_id, detail)
  VALUES (session_user, who, who IS NOT NULL, action, subject, subject_id, detail)
$$;

-- What a process says that somebody did. It cannot say what only the functions above can know.
CREATE OR REPLACE FUNCTION audit_note(who bigint, action text, subject text, subject_id text, detail jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- The owner's own commands (create_staff) speak for themselves: whoever is the owner needs no function to write here.
  IF session_user <> current_user AND (action LIKE 'correction\_%' OR action LIKE 'register\_%' OR action LIKE 'erasure\_%' OR action IN ('proposed', 'decided', 'published', 'hidden', 'hide_ended', 'lapsed', 'braked', 'released', 'tie',
                'answered', 'invitation_asked', 'leave_asked', 'renew_asked', 'invited', 'renewed', 'left', 'enrolled',
                'paused', 'unpaused', 'notified')) THEN
    RAISE EXCEPTION 'told_by_functions' USING ERRCODE = 'MS000';
  END IF;
  INSERT INTO public.audit_auditevent (role, member, action, subject, subject_id, detail)
  VALUES (session_user, who, action, subject, subject_id, detail);
END $$;
