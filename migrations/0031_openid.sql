-- Directories that are OpenID Connect providers: their people sign in over there. They share the names, and so what stands
-- behind the @, with those of LDAP, and their users and groups lie where those of LDAP lie. Only what is said of them differs.
ALTER TABLE directories
    ADD COLUMN kind text NOT NULL DEFAULT 'ldap' CHECK (kind IN ('ldap', 'openid')),
    ALTER COLUMN schema DROP NOT NULL,
    ALTER COLUMN servers DROP NOT NULL,
    ALTER COLUMN security DROP NOT NULL,
    ALTER COLUMN base_dn DROP NOT NULL,
    ALTER COLUMN bind_dn DROP NOT NULL,
    ADD CONSTRAINT directories_ldap CHECK (kind <> 'ldap' OR (schema, servers, security, base_dn, bind_dn) IS NOT NULL);
ALTER TABLE directories ALTER COLUMN kind DROP DEFAULT;

CREATE TABLE openid_providers (
    directory_id    uuid PRIMARY KEY REFERENCES directories ON DELETE CASCADE,
    issuer          text NOT NULL,
    client_id       text NOT NULL,
    client_secret   bytea,                 -- sealed by the key that is not in the database; none: a public client
    scopes          text[] NOT NULL,       -- beside openid
    user_claim      text NOT NULL,
    full_name_claim text NOT NULL,
    mail_claim      text NOT NULL,
    groups_claim    text NOT NULL,         -- empty: nobody is in a group
    enabled         boolean NOT NULL,      -- whether the sign-in offers it
    everybody       boolean NOT NULL       -- whether who was not added gets in without a group that was
);
