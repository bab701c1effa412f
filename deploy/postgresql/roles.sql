-- The two roles of the service, for psql as an administrator: docs/databases.md#roles
-- The owner migrates. The service works with the other role, which can change no table.
CREATE ROLE connectql_owner LOGIN;
CREATE ROLE connectql_app LOGIN;
