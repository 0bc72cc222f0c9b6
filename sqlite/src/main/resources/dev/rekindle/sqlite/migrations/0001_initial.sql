-- Rows that belong to an instance have the key  instance.key << 28 | position, where a position never repeats in the
-- life of an instance: the events of its earlier executions (base) plus the id of an event. So they lie together, are
-- found by range, and are written in the order in which instances were started.

CREATE TABLE instance (
  key              INTEGER PRIMARY KEY,
  id               TEXT    NOT NULL UNIQUE,
  run_id           TEXT    NOT NULL,
  orchestration    TEXT    NOT NULL,
  version          TEXT    NOT NULL,
  parent_instance  TEXT,
  parent_run       TEXT,
  parent_execution INTEGER,
  parent_scheduled INTEGER,
  status           TEXT    NOT NULL,
  execution        INTEGER NOT NULL,
  base             INTEGER NOT NULL,
  custom_status    TEXT,
  problem          TEXT,
  created_at       INTEGER NOT NULL,
  started_at       INTEGER,
  finished_at      INTEGER
);

CREATE INDEX instance_status ON instance (status, key);

CREATE TABLE status_count (
  status    TEXT    NOT NULL PRIMARY KEY,
  instances INTEGER NOT NULL
);

-- The executions from the second on; the first begins at base 0.
CREATE TABLE execution (
  instance   INTEGER NOT NULL,
  execution  INTEGER NOT NULL,
  base       INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (instance, execution)
);

-- One row for each turn; its key has the position of its first event.
CREATE TABLE history (
  key    INTEGER PRIMARY KEY,
  events INTEGER NOT NULL,
  body   TEXT    NOT NULL
);

-- visible_at is null for a row that was visible from the beginning.
CREATE TABLE message (
  key         INTEGER PRIMARY KEY,
  instance    INTEGER NOT NULL,
  epoch       INTEGER NOT NULL,
  node_deaths INTEGER NOT NULL DEFAULT 0,
  visible_at  INTEGER,
  body        TEXT    NOT NULL
);

CREATE INDEX message_delayed ON message (visible_at) WHERE visible_at IS NOT NULL;
CREATE INDEX message_delayed_of ON message (instance) WHERE visible_at IS NOT NULL;

CREATE TABLE timer (
  key         INTEGER PRIMARY KEY,
  due_at      INTEGER NOT NULL,
  epoch       INTEGER NOT NULL,
  node_deaths INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX timer_due ON timer (due_at);

CREATE TABLE work (
  key               INTEGER PRIMARY KEY,
  activity          TEXT    NOT NULL,
  epoch             INTEGER NOT NULL,
  node_deaths       INTEGER NOT NULL DEFAULT 0,
  attempt           INTEGER NOT NULL DEFAULT 1,
  visible_at        INTEGER,
  failure_type      TEXT,
  failure_message   TEXT,
  failure_trace     TEXT,
  failure_retryable INTEGER,
  heartbeat         TEXT,
  body              TEXT    NOT NULL
);

CREATE INDEX work_delayed ON work (visible_at) WHERE visible_at IS NOT NULL;

CREATE TABLE dead_letter (
  key      INTEGER PRIMARY KEY AUTOINCREMENT,
  instance TEXT    NOT NULL,
  run_id   TEXT,
  reason   TEXT    NOT NULL,
  at       INTEGER NOT NULL,
  body     TEXT    NOT NULL
);

-- The last key that was given to a row of the table; keys are never given twice.
CREATE TABLE last_key (
  name  TEXT    NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL
);

INSERT INTO last_key (name, value) VALUES ('instance', 0), ('message', 0);

-- Who ran the instances of this file: one row for each time that somebody took it over.
CREATE TABLE owner (
  epoch       INTEGER PRIMARY KEY,
  node        TEXT    NOT NULL,
  since       INTEGER NOT NULL,
  released_at INTEGER
);
