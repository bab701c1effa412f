-- Creates the two roles. An administrator runs it with psql: docs/databases.md#roles
-- The owner migrates. The service uses the other role, which cannot change the schema.
CREATE ROLE connectql_owner LOGIN;
CREATE ROLE connectql_app LOGIN;
