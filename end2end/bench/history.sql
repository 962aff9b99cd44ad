-- What has happened in the estate of estate.sql: events of the last sixty days, as many as the setting bench.events
-- says, each about a VM and most about its host too, and 4,000 jobs of the last twenty days that have ended.
-- The database may have told something before.
SELECT set_config('bench.first', (SELECT coalesce(max(id), 0) FROM events)::text, false);
-- Made at once when everything is there, indexes take a fraction of the time.
CREATE TEMP TABLE put_away AS
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made
    FROM pg_index i WHERE i.indrelid IN ('events'::regclass, 'event_objects'::regclass) AND NOT i.indisprimary;
DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT name FROM put_away LOOP EXECUTE 'DROP INDEX ' || one; END LOOP;
END $$;
INSERT INTO events (id, time, code, severity, text, message, user_id, user_name, correlation_id, job_id)
    OVERRIDING SYSTEM VALUE
    SELECT current_setting('bench.first')::bigint + n, now() - interval '60 days' + n * (interval '60 days' / (SELECT current_setting('bench.events')::int)),
           CASE WHEN n % 20 = 0 THEN 54 ELSE 153 END, CASE WHEN n % 20 = 0 THEN 'error' ELSE 'normal' END,
           jsonb_build_object('key', CASE WHEN n % 20 = 0 THEN 'event-vm-start-failed' ELSE 'event-vm-started' END,
               'args', jsonb_build_object('name', vm, 'host', host, 'cause', 'no room')),
           CASE WHEN n % 20 = 0 THEN vm || ' could not be started.' ELSE vm || ' was started on ' || host || '.' END,
           CASE WHEN n % 50 = 0 THEN bench_id('user', n / 50 % 22) END, CASE WHEN n % 50 = 0 THEN 'user' || n / 50 % 22 END,
           'bench-' || n, NULL
    FROM generate_series(1, current_setting('bench.events')::int) n,
         LATERAL (SELECT 'vm' || n * 7919::bigint % 10000 AS vm,
                         'host' || lpad((n * 7919::bigint % 500)::text, 3, '0') AS host) o;
-- A VM's cluster is its host's; what is above both goes along, as the product writes it.
INSERT INTO event_objects (event_id, object_id, kind, name, above)
    SELECT current_setting('bench.first')::bigint + n, o.id, o.kind, o.name, o.above
    FROM generate_series(1, current_setting('bench.events')::bigint) n, LATERAL (VALUES
        (bench_id('vm', n * 7919 % 10000), 'vm', 'vm' || n * 7919 % 10000, false),
        (CASE WHEN n % 20 <> 0 THEN bench_id('host', n * 7919 % 500) END, 'host', 'host' || lpad((n * 7919 % 500)::text, 3, '0'), false),
        (bench_id('cluster', n * 7919 % 25), 'cluster', '', true),
        (bench_id('dc', n * 7919 % 25 % 5), 'data_center', '', true)) o (id, kind, name, above)
    WHERE o.id IS NOT NULL;
DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT made FROM put_away LOOP EXECUTE one; END LOOP;
END $$;
DROP TABLE put_away;
SELECT setval(pg_get_serial_sequence('events', 'id'), (SELECT max(id) FROM events));

INSERT INTO jobs (id, kind, title, params, status, step, owner_id, owner_name, correlation_id, created_at, started_at,
                  ended_at, run_after)
    SELECT bench_id('job', n), 'vm.start', jsonb_build_object('key', 'job-vm-start', 'args', jsonb_build_object('name', 'vm' || n % 10000)),
           '{}', CASE WHEN n % 10 = 0 THEN 'failed' ELSE 'finished' END, 3,
           bench_id('user', n % 22), 'user' || n % 22, 'bench-job-' || n, at, at, at + interval '9 seconds', at
    FROM generate_series(0, 3999) n, LATERAL (SELECT now() - interval '20 days' + n * interval '7 minutes' AS at) t;
INSERT INTO job_steps (job_id, position, name, status, cancellable, attempts)
    SELECT bench_id('job', n), p, (ARRAY['place', 'define', 'launch', 'settle'])[p + 1], 'done', false, 1
    FROM generate_series(0, 3999) n, generate_series(0, 3) p;
INSERT INTO job_objects (job_id, object_id) SELECT bench_id('job', n), bench_id('vm', n % 10000) FROM generate_series(0, 3999) n;
