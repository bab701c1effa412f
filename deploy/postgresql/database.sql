-- Creates the database and its privileges. An administrator runs it with psql, after roles.sql:
-- docs/databases.md#roles
CREATE DATABASE connectql OWNER connectql_owner;
REVOKE ALL ON DATABASE connectql FROM PUBLIC;
GRANT CONNECT ON DATABASE connectql TO connectql_app;
\connect connectql
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO connectql_owner;
GRANT USAGE ON SCHEMA public TO connectql_app;
ALTER DEFAULT PRIVILEGES FOR ROLE connectql_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO connectql_app;
