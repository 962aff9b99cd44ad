-- Jobs with their steps and locks, and the event log.

CREATE TABLE jobs (
    id               uuid PRIMARY KEY,
    kind             text NOT NULL,
    title            jsonb NOT NULL,         -- model::Text
    params           jsonb NOT NULL,         -- ids only, never copies of rows
    state            jsonb NOT NULL DEFAULT '{}',   -- what steps leave for later ones
    status           text NOT NULL CHECK (status IN ('queued', 'running', 'undoing', 'finished', 'failed', 'cancelled')),
    step             integer NOT NULL DEFAULT 0,    -- the position to run, or to undo, next
    error            jsonb,                  -- model::Refusal
    cancel_asked     boolean NOT NULL DEFAULT false,
    owner_id         uuid,
    owner_name       text NOT NULL,
    correlation_id   text NOT NULL,
    created_at       timestamptz NOT NULL,
    started_at       timestamptz,
    ended_at         timestamptz,
    run_after        timestamptz NOT NULL,
    end_attempts     integer NOT NULL DEFAULT 0,    -- how often writing the outcome failed
    lease_owner      uuid,
    lease_until      timestamptz
);
CREATE INDEX jobs_due ON jobs (run_after) WHERE status IN ('queued', 'running', 'undoing');
CREATE INDEX jobs_leased ON jobs (lease_owner) WHERE lease_owner IS NOT NULL;
CREATE INDEX jobs_owner ON jobs (owner_id);
CREATE INDEX jobs_created ON jobs (created_at DESC);
CREATE INDEX jobs_correlation ON jobs (correlation_id);

CREATE TABLE job_steps (
    job_id        uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
    position      integer NOT NULL,
    name          text NOT NULL,
    status        text NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed', 'undoing', 'undone')),
    cancellable   boolean NOT NULL,
    attempts      integer NOT NULL DEFAULT 0,
    undo_attempts integer NOT NULL DEFAULT 0,
    started_at    timestamptz,
    ended_at      timestamptz,
    error         text,
    PRIMARY KEY (job_id, position)
);

-- Which objects a job concerns; a lock (exclusive) until it has ended, a reference for ever.
CREATE TABLE job_objects (
    job_id    uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
    object_id uuid NOT NULL,
    PRIMARY KEY (job_id, object_id)
);
CREATE INDEX job_objects_object ON job_objects (object_id);
CREATE TABLE entity_locks (
    object_id uuid PRIMARY KEY,
    job_id    uuid NOT NULL REFERENCES jobs ON DELETE CASCADE
);
CREATE INDEX entity_locks_job ON entity_locks (job_id);

CREATE TABLE events (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    time           timestamptz NOT NULL,
    code           integer NOT NULL,
    severity       text NOT NULL,
    text           jsonb NOT NULL,           -- model::Text, for other languages
    message        text NOT NULL,            -- the same in English, for searching
    user_id        uuid,
    user_name      text,
    correlation_id text,
    job_id         uuid
);
CREATE INDEX events_time ON events (time DESC);
CREATE INDEX events_correlation ON events (correlation_id);
-- The names are as they were, so that an event stays readable after a removal; no foreign key for the same reason.
CREATE TABLE event_objects (
    event_id  bigint NOT NULL REFERENCES events ON DELETE CASCADE,
    object_id uuid NOT NULL,
    kind      text NOT NULL,
    name      text NOT NULL,
    PRIMARY KEY (event_id, object_id)
);
CREATE INDEX event_objects_object ON event_objects (object_id, event_id DESC);
