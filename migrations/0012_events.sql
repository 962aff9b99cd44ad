-- Events at the size of an estate: a million of them, read by somebody who may see a few.

-- What is above an object when the event is written is kept with the event. So "below X" and "granted on or above X"
-- are walks along one index, the newest first, and what happened to an object that is gone stays with those who saw it
-- from above. System is not among them: it would be in every event, and who sees System sees all.
ALTER TABLE event_objects ADD COLUMN above boolean NOT NULL DEFAULT false;
INSERT INTO event_objects (event_id, object_id, kind, name, above)
    SELECT DISTINCT e.event_id, a.ancestor_id, o.kind, '', true
    FROM event_objects e
    JOIN object_ancestors a ON a.object_id = e.object_id
    JOIN objects o ON o.id = a.ancestor_id
    WHERE a.ancestor_id <> 'aaa00000-0000-0000-0000-123456789aaa'
    ON CONFLICT DO NOTHING;
DROP INDEX event_objects_object;
CREATE INDEX event_objects_object ON event_objects (object_id, above, event_id DESC);

-- An alert stands until somebody has seen it, or until its cause has gone: then without a name.
ALTER TABLE events
    ADD COLUMN acknowledged_at timestamptz,
    ADD COLUMN acknowledged_by text;

DROP INDEX events_correlation;
CREATE INDEX events_correlation ON events (correlation_id, id DESC);
CREATE INDEX events_user ON events (user_id, id DESC) WHERE user_id IS NOT NULL;
CREATE INDEX events_code ON events (code, time DESC);
CREATE INDEX events_alerts ON events (id DESC) WHERE severity = 'alert';

CREATE OR REPLACE FUNCTION tell_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', 'event ' || NEW.id || CASE TG_OP WHEN 'INSERT' THEN ' added' ELSE ' changed' END);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_acknowledged AFTER UPDATE OF acknowledged_at ON events FOR EACH ROW EXECUTE FUNCTION tell_event();
