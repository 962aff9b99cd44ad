-- One function cannot tell both: a row of sessions has no principal, and naming one fails even where it is not used.
CREATE FUNCTION tell_session_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('access', 'session ' || OLD.id);
    RETURN NULL;
END $$;
CREATE FUNCTION tell_permission_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('access', 'principal ' || OLD.principal_id);
    RETURN NULL;
END $$;
DROP TRIGGER tell ON sessions;
DROP TRIGGER tell ON permissions;
DROP FUNCTION tell_access();
CREATE TRIGGER tell AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION tell_session_end();
CREATE TRIGGER tell AFTER DELETE ON permissions FOR EACH ROW EXECUTE FUNCTION tell_permission_end();
