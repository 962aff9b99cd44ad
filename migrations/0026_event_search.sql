-- Searching the log. Rare words and names are found by an index; what is in most events is met at once by walking the
-- log, and PostgreSQL chooses: the statistics of the names as they are compared are what it chooses by.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX events_message ON events USING gin (message gin_trgm_ops);
CREATE INDEX event_objects_words ON event_objects USING gin (name gin_trgm_ops) WHERE NOT above;
CREATE INDEX event_objects_names ON event_objects (kind, lower(name), event_id DESC) WHERE NOT above;
CREATE STATISTICS event_objects_lower ON lower(name) FROM event_objects;
