-- Looking anything up by the beginning of its name, or of a word in it, as the command palette does at each key.

-- The words of a name. Not the text search's own parser: that one takes `web-01.example.org` for a host, and keeps it whole.
CREATE FUNCTION name_words(name text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN array_to_tsvector(array_remove(regexp_split_to_array(lower(name), '[^[:alnum:]]+'), ''));

-- By bytes, so that what begins with a text is one range, in the order in which it is shown.
CREATE INDEX vms_name_begins ON vms (lower(name) text_pattern_ops);
CREATE INDEX disks_alias_begins ON disks (lower(alias) text_pattern_ops);
CREATE INDEX hosts_name_begins ON hosts (lower(name) text_pattern_ops);
CREATE INDEX vms_name_words ON vms USING gin (name_words(name));
CREATE INDEX disks_alias_words ON disks USING gin (name_words(alias));
CREATE INDEX hosts_name_words ON hosts USING gin (name_words(name));
