-- Wrong passwords by account, known or not, so that an answer never tells which accounts there are. After too many the
-- account is locked until `until`; before, that is when they are forgotten.
CREATE TABLE sign_in_attempts (
    account  text PRIMARY KEY,
    failures integer NOT NULL,
    until    timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_until ON sign_in_attempts (until);

-- A second factor: the key, encrypted with the server's own (never in clear here), and the last step whose code was used.
CREATE TABLE second_factors (
    user_id      uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    sealed       bytea NOT NULL,
    confirmed_at timestamptz,            -- nothing is asked for before
    last_step    bigint NOT NULL DEFAULT 0
);
-- Codes for whoever lost the device: hashes, each gone with its use.
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES second_factors ON DELETE CASCADE,
    hash    bytea NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- The name of a session for those who look at it: neither the browser's id nor its hash.
ALTER TABLE sessions ADD COLUMN key uuid NOT NULL UNIQUE DEFAULT gen_random_uuid();

-- Who did what, or was refused it, from where: a chain in which each row has the hash of the one before.
CREATE TABLE audit (
    seq         bigint PRIMARY KEY,
    at          timestamptz NOT NULL,
    actor_id    uuid,
    actor       text NOT NULL,
    address     text NOT NULL,
    action      text NOT NULL,
    object_kind text,
    object_id   uuid,
    object_name text,
    outcome     text NOT NULL CHECK (outcome IN ('done', 'failed', 'refused')),
    message     text NOT NULL,
    correlation text NOT NULL,
    hash        bytea NOT NULL
);

-- What a transaction has to add. The chain is joined when it commits, in a deferred trigger: so the lock that orders the
-- chain is held from there to the end of the commit only, nothing is waited for under it, and a row is there exactly
-- when its deed is. A commit that tells (`NOTIFY`) is alone by PostgreSQL's own lock anyway.
CREATE TABLE audit_pending (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL,
    actor_id    uuid,
    actor       text NOT NULL,
    address     text NOT NULL,
    action      text NOT NULL,
    object_kind text,
    object_id   uuid,
    object_name text,
    outcome     text NOT NULL,
    message     text NOT NULL,
    correlation text NOT NULL
);

-- Length and text, so that no two rows look the same when they are joined. `control::audit` says the same in Rust.
CREATE FUNCTION audit_word(word text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(octet_length(word) || ':' || word, '-') || ','
$$;

CREATE FUNCTION audit_join() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before record;
    next bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(24, 1);
    SELECT seq, hash INTO before FROM audit ORDER BY seq DESC LIMIT 1;
    next := coalesce(before.seq, 0) + 1;
    INSERT INTO audit VALUES (
        next, NEW.at, NEW.actor_id, NEW.actor, NEW.address, NEW.action, NEW.object_kind, NEW.object_id, NEW.object_name,
        NEW.outcome, NEW.message, NEW.correlation,
        sha256(coalesce(before.hash, ''::bytea) || convert_to(
            audit_word(next::text) || audit_word((extract(epoch FROM NEW.at) * 1000000)::bigint::text)
            || audit_word(NEW.actor_id::text) || audit_word(NEW.actor) || audit_word(NEW.address)
            || audit_word(NEW.action) || audit_word(NEW.object_kind) || audit_word(NEW.object_id::text)
            || audit_word(NEW.object_name) || audit_word(NEW.outcome) || audit_word(NEW.message)
            || audit_word(NEW.correlation), 'UTF8')));
    DELETE FROM audit_pending WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON audit_pending
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_join();

CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is only added to';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
