-- Asks the worker for a new set of public files, in the transaction of what changed. The staff role makes no other job,
-- so that it cannot have the worker run what it chooses.
CREATE OR REPLACE FUNCTION record_want_snapshot() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM public.procrastinate_defer_jobs_v1(ARRAY[
    ROW('default', 'record.build_snapshot', 0, NULL, NULL, '{}'::jsonb, NULL)::public.procrastinate_job_to_defer_v1]);
END $$;
