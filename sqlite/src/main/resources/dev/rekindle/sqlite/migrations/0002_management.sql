-- What management asks for. Lists begin with the instance that was started last: every index for them ends in
-- created_at, and so in the key behind it.

DROP INDEX instance_status;
CREATE INDEX instance_created ON instance (created_at);
CREATE INDEX instance_status ON instance (status, created_at);
CREATE INDEX instance_definition ON instance (orchestration, version, status, created_at);
CREATE INDEX instance_parent ON instance (parent_instance, created_at) WHERE parent_instance IS NOT NULL;

-- The executions before this one were pruned.
ALTER TABLE instance ADD COLUMN first_execution INTEGER NOT NULL DEFAULT 1;

-- A JSON object, to be shown; the table attribute is for finding.
ALTER TABLE instance ADD COLUMN attributes TEXT;

CREATE TABLE attribute (
  name       TEXT    NOT NULL,
  value      TEXT    NOT NULL,
  created_at INTEGER NOT NULL,
  instance   INTEGER NOT NULL,
  PRIMARY KEY (name, value, created_at, instance)
) WITHOUT ROWID;

DROP INDEX message_delayed_of;
CREATE INDEX message_of ON message (instance);

ALTER TABLE work ADD COLUMN scheduled_at INTEGER NOT NULL DEFAULT 0;
UPDATE work
SET scheduled_at =
  coalesce(CAST(round((julianday(json_extract(body, '$.scheduledAt')) - 2440587.5) * 86400000) AS INTEGER), 0)
WHERE json_valid(body);

-- What another process wants the owner to change, and what came of it.
CREATE TABLE request (
  key    INTEGER PRIMARY KEY AUTOINCREMENT,
  at     INTEGER NOT NULL,
  body   TEXT    NOT NULL,
  answer TEXT
);
