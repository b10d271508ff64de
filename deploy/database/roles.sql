-- The four roles of the site, its template and its database, made by the superuser; safe to run again.
-- Passwords come from the environment of psql (never from its command line, which others can list):
-- MAPSITE_DB_OWNER, MAPSITE_DB_PUBLIC, MAPSITE_DB_STAFF, MAPSITE_DB_WORKER.
\set ON_ERROR_STOP on
\set QUIET on
\getenv owner MAPSITE_DB_OWNER
\getenv public MAPSITE_DB_PUBLIC
\getenv staff MAPSITE_DB_STAFF
\getenv worker MAPSITE_DB_WORKER
SET client_min_messages = warning;
SET password_encryption = 'scram-sha-256';

-- No role inherits from another: what each may do is said in grants alone (mapsite/grants.py).
SELECT format('CREATE ROLE %I LOGIN NOINHERIT', name)
  FROM unnest(ARRAY['mapsite_owner', 'mapsite_public', 'mapsite_staff', 'mapsite_worker']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) \gexec
ALTER ROLE mapsite_owner INHERIT NOSUPERUSER NOCREATEROLE CREATEDB PASSWORD :'owner';  -- CREATEDB: restores and tests
ALTER ROLE mapsite_public NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'public';
ALTER ROLE mapsite_staff NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'staff';
ALTER ROLE mapsite_worker NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'worker';
ALTER ROLE mapsite_worker SET work_mem = '32MB';  -- reading the whole public set sorts without the disk

-- An ordinary owner cannot create PostGIS, so every database of the site is cloned from this template.
SELECT 'CREATE DATABASE template_mapsite TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8'''
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = 'template_mapsite') \gexec
SELECT datistemplate AS complete FROM pg_catalog.pg_database WHERE datname = 'template_mapsite' \gset
\if :complete
\else
  SELECT current_database() AS before \gset
  \connect template_mapsite
  SET client_min_messages = warning;
  CREATE EXTENSION IF NOT EXISTS postgis;
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE EXTENSION IF NOT EXISTS pgcrypto;
  CREATE EXTENSION IF NOT EXISTS btree_gin;
  CREATE EXTENSION IF NOT EXISTS btree_gist;
  \connect :before
  ALTER DATABASE template_mapsite IS_TEMPLATE true;  -- last, so that a set-up cut short goes on here
\endif

SELECT 'CREATE DATABASE mapsite TEMPLATE template_mapsite OWNER mapsite_owner'
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = 'mapsite') \gexec
-- Temporary tables could shadow what a function reads; only the owner's imports need them.
REVOKE ALL ON DATABASE mapsite FROM PUBLIC;
GRANT CONNECT ON DATABASE mapsite TO mapsite_public, mapsite_staff, mapsite_worker;
