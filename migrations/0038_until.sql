-- A permission may be given until a time. It counts until it is deleted, which the leader does within seconds of that time
-- (control::reconcile::expiry), so that nothing that asks for permissions has to know of it; and that it is deleted
-- tells those whose it was, as every other end does (migration 0027).
ALTER TABLE permissions ADD COLUMN until timestamptz;
CREATE INDEX permissions_until ON permissions (until) WHERE until IS NOT NULL;
CREATE TRIGGER moved AFTER UPDATE OF until ON permissions FOR EACH ROW EXECUTE FUNCTION tell_permission();
