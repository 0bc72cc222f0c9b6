-- What management asks for. Lists are in the order of created_at and key, newest first, and begin where a page ended: each
-- index below leads to a part of the instances in that order. A list of all is merged from those of the eight statuses.

-- first_execution: those before it were pruned. attributes: what the instance was started with to be found by, to be shown.
ALTER TABLE rekindle.instance
  ADD COLUMN first_execution bigint NOT NULL DEFAULT 1,
  ADD COLUMN attributes      jsonb;

DROP INDEX rekindle.instance_status;
CREATE INDEX instance_status ON rekindle.instance (status, created_at, key);
CREATE INDEX instance_definition ON rekindle.instance (orchestration, version, status, created_at, key);
CREATE INDEX instance_parent ON rekindle.instance (parent_instance, created_at, key) WHERE parent_instance IS NOT NULL;

-- One row for each attribute, to find instances by; created_at is that of the instance.
CREATE TABLE rekindle.attribute (
  name       text        COLLATE "C" NOT NULL,
  value      text        COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  instance   bigint      NOT NULL,
  PRIMARY KEY (name, value, created_at, instance)
);

-- An instance that is suspended is only woken by an order to terminate: wake_at is null, or when that can be seen.
ALTER TABLE rekindle.queue ADD COLUMN suspended boolean NOT NULL DEFAULT false;

-- The time of the turn that scheduled the activity; null in rows that a node of an older version writes from now on.
ALTER TABLE rekindle.work ADD COLUMN scheduled_at timestamptz;
UPDATE rekindle.work
SET scheduled_at = substring(body FROM '"scheduledAt":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z)"')::timestamptz;

-- Whether the node has ever asked for something to run: those that have not are clients.
ALTER TABLE rekindle.node ADD COLUMN runs boolean NOT NULL DEFAULT false;
