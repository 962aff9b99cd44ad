-- What hosts did in the last hour, and what happened in jobs.

CREATE TABLE host_samples (
    host_id        uuid NOT NULL REFERENCES hosts ON DELETE CASCADE,
    at             timestamptz NOT NULL,
    cpu_percent    real NOT NULL,
    memory_percent real NOT NULL,
    PRIMARY KEY (host_id, at)
);

-- A line for each thing that the engine wrote of a job, in the same statement; it goes with the job.
CREATE TABLE job_log (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id  uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
    at      timestamptz NOT NULL,
    what    text NOT NULL,                -- model::job::LogWhat
    step    text,                         -- its name; nothing when it is about the whole job
    attempt integer NOT NULL DEFAULT 0,
    why     text
);
CREATE INDEX job_log_job ON job_log (job_id, id);

-- A retry that is put off changes nothing of the job that `tell` on `jobs` looks at, yet its page shows it.
CREATE FUNCTION tell_job_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('changes', 'job ' || NEW.job_id || ' changed');
    RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER INSERT ON job_log FOR EACH ROW EXECUTE FUNCTION tell_job_log();
