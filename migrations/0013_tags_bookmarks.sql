-- Tags: words in a hierarchy that people put on virtual machines, hosts, templates and users. They are no objects:
-- nobody holds a permission on one. A name is one of all tags, since a search names a tag by it alone.
CREATE TABLE tags (
    id          uuid PRIMARY KEY,
    parent_id   uuid REFERENCES tags ON DELETE CASCADE CHECK (parent_id <> id),
    name        text NOT NULL,
    description text NOT NULL DEFAULT '',
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL
);
CREATE UNIQUE INDEX tags_name ON tags (lower(name));
CREATE INDEX tags_parent ON tags (parent_id);

-- What carries a tag. Users are no objects either, so each row refers to the one table or the other, and goes with
-- what it refers to.
CREATE TABLE tag_objects (
    tag_id    uuid NOT NULL REFERENCES tags ON DELETE CASCADE,
    object_id uuid NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('vm', 'host', 'template', 'user')),
    placed_id uuid GENERATED ALWAYS AS (CASE WHEN kind <> 'user' THEN object_id END) STORED
              REFERENCES objects ON DELETE CASCADE,
    user_id   uuid GENERATED ALWAYS AS (CASE WHEN kind = 'user' THEN object_id END) STORED
              REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (tag_id, object_id)
);
CREATE INDEX tag_objects_object ON tag_objects (object_id, tag_id);
CREATE INDEX tag_objects_placed ON tag_objects (placed_id);
CREATE INDEX tag_objects_user ON tag_objects (user_id);

-- Kept searches, one's own or, without an owner, everybody's.
CREATE TABLE bookmarks (
    id         uuid PRIMARY KEY,
    owner_id   uuid REFERENCES users ON DELETE CASCADE,
    name       text NOT NULL,
    search     text NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX bookmarks_name ON bookmarks (owner_id, lower(name)) NULLS NOT DISTINCT;

-- Neither has a place in the tree: who may hear of a change is told with it. "kind id change  principals"
CREATE FUNCTION tell_tag() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', 'tag ' || coalesce(NEW.id, OLD.id) || ' '
        || CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END
        || '  eee00000-0000-0000-0000-123456789eee');
    -- What carries it shows its name.
    IF TG_OP = 'UPDATE' AND NEW.name <> OLD.name THEN
        PERFORM pg_notify('changes', kind || ' ' || object_id || ' changed') FROM tag_objects WHERE tag_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON tags FOR EACH ROW EXECUTE FUNCTION tell_tag();

CREATE FUNCTION tell_tagging() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One that is gone has told that itself.
    PERFORM pg_notify('changes', 'tag ' || id || ' changed  eee00000-0000-0000-0000-123456789eee')
        FROM tags WHERE id = coalesce(NEW.tag_id, OLD.tag_id);
    PERFORM pg_notify('changes', coalesce(NEW.kind, OLD.kind) || ' ' || coalesce(NEW.object_id, OLD.object_id) || ' changed');
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR DELETE ON tag_objects FOR EACH ROW EXECUTE FUNCTION tell_tagging();

CREATE FUNCTION tell_bookmark() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE everyone uuid := 'eee00000-0000-0000-0000-123456789eee';
BEGIN
    -- One that was shared and is now somebody's is gone for the others: both owners hear.
    PERFORM pg_notify('changes', 'bookmark ' || coalesce(NEW.id, OLD.id) || ' '
        || CASE TG_OP WHEN 'INSERT' THEN 'added' WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END || '  '
        || CASE TG_OP WHEN 'INSERT' THEN coalesce(NEW.owner_id, everyone)::text
                      WHEN 'DELETE' THEN coalesce(OLD.owner_id, everyone)::text
                      ELSE coalesce(NEW.owner_id, everyone) || ',' || coalesce(OLD.owner_id, everyone) END);
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON bookmarks FOR EACH ROW EXECUTE FUNCTION tell_bookmark();
