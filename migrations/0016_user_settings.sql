-- What people set for themselves alone: which columns a list shows them, and in which order.

CREATE TABLE user_settings (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    key     text NOT NULL,
    value   jsonb NOT NULL,
    PRIMARY KEY (user_id, key)
);
