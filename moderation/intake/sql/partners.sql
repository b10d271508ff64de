-- Whose key this is: the id of an active partner, or NULL. The public role reads no row of the table.

CREATE OR REPLACE FUNCTION public.intake_partner_of(key bytea) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id FROM public.intake_partner p WHERE p.key_hash = key AND p.active
$$;
