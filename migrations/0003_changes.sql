-- Tells listeners, once per commit, which object changed: "kind id change". The rest is looked up by the
-- listener, so that a payload never grows past PostgreSQL's limit and never carries what its reader may not see.

CREATE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', TG_ARGV[0] || ' ' || NEW.id || ' ' || CASE TG_OP WHEN 'INSERT' THEN 'added' ELSE 'changed' END);
    RETURN NULL;
END $$;

-- A removed object's place is gone with it, so it is told beforehand.
CREATE FUNCTION tell_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', OLD.kind || ' ' || OLD.id || ' removed '
        || coalesce((SELECT string_agg(ancestor_id::text, ',') FROM object_ancestors WHERE object_id = OLD.id), ''));
    RETURN OLD;
END $$;

CREATE TRIGGER tell BEFORE DELETE ON objects FOR EACH ROW EXECUTE FUNCTION tell_removal();
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON data_centers FOR EACH ROW EXECUTE FUNCTION tell_change('data_center');
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON clusters FOR EACH ROW EXECUTE FUNCTION tell_change('cluster');
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON networks FOR EACH ROW EXECUTE FUNCTION tell_change('network');
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON hosts FOR EACH ROW EXECUTE FUNCTION tell_change('host');
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON storage_domains FOR EACH ROW EXECUTE FUNCTION tell_change('storage_domain');
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON disks FOR EACH ROW EXECUTE FUNCTION tell_change('disk');
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON templates FOR EACH ROW EXECUTE FUNCTION tell_change('template');
CREATE TRIGGER tell AFTER INSERT OR UPDATE ON vms FOR EACH ROW EXECUTE FUNCTION tell_change('vm');
-- Not for the lease, which is renewed all the time and which nobody watches.
CREATE TRIGGER tell AFTER INSERT OR UPDATE OF status, step, error, cancel_asked ON jobs FOR EACH ROW EXECUTE FUNCTION tell_change('job');

-- An event row has a number instead of a UUID and is told by it.
CREATE FUNCTION tell_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', 'event ' || NEW.id || ' added');
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION tell_event();
-- Signing out and losing a permission end open streams and consoles.
CREATE FUNCTION tell_access() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('access', CASE TG_TABLE_NAME WHEN 'sessions' THEN 'session ' || OLD.id ELSE 'principal ' || OLD.principal_id END);
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION tell_access();
CREATE TRIGGER tell AFTER DELETE ON permissions FOR EACH ROW EXECUTE FUNCTION tell_access();
