-- Directories of others, whose users sign in with what they have there. The password that Drover looks with is sealed by
-- a key that is not in the database.
CREATE TABLE directories (
    id          uuid PRIMARY KEY,
    name        text NOT NULL,                -- the domain of its users and groups
    schema      text NOT NULL,
    servers     text[] NOT NULL,
    security    text NOT NULL CHECK (security IN ('ldaps', 'starttls', 'plain')),
    ca          text NOT NULL,
    base_dn     text NOT NULL,
    bind_dn     text NOT NULL,
    bind_secret bytea,
    read_at     timestamptz,                  -- when who is in which group was last read; none: as soon as may be
    trouble     jsonb,                        -- why that failed, a model::Text
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX directories_name ON directories (lower(name));

ALTER TABLE users
    ADD COLUMN external_id text NOT NULL DEFAULT '',  -- what the directory calls them
    ADD COLUMN full_name   text NOT NULL DEFAULT '',
    ADD COLUMN mail        text NOT NULL DEFAULT '',
    ADD COLUMN gone_at     timestamptz;               -- since when the directory has them no more
CREATE UNIQUE INDEX users_external ON users (domain, external_id) WHERE external_id <> '';
CREATE UNIQUE INDEX groups_external ON groups (domain, external_id) WHERE external_id <> '';

-- Whoever can hold a permission, as the list of users shows them.
CREATE VIEW people AS
    SELECT id, name, domain, 'user'::text AS kind, full_name, mail, gone_at, created_at FROM users
    UNION ALL
    SELECT id, name, domain, 'group', '', '', NULL, created_at FROM groups;

-- Neither has a place in the tree: those who see everything hear of them.
CREATE FUNCTION tell_placeless() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', TG_ARGV[0] || ' ' || coalesce(NEW.id, OLD.id) || ' '
        || CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END || '  ');
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON directories FOR EACH ROW EXECUTE FUNCTION tell_placeless('directory');
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION tell_placeless('user');
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON groups FOR EACH ROW EXECUTE FUNCTION tell_placeless('user');
