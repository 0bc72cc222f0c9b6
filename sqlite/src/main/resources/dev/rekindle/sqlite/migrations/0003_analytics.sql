-- Sums over what ended: one row for each step of time, subject, outcome and order of magnitude of the time it took. Times
-- are milliseconds. A window is a range of the key.
CREATE TABLE figure (
  resolution    TEXT    NOT NULL,
  at            INTEGER NOT NULL,
  kind          TEXT    NOT NULL,
  orchestration TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  outcome       TEXT    NOT NULL,
  bucket        INTEGER NOT NULL,
  things        INTEGER NOT NULL,
  millis        INTEGER NOT NULL,
  queued        INTEGER NOT NULL,
  retrying      INTEGER NOT NULL,
  PRIMARY KEY (resolution, at, kind, orchestration, name, outcome, bucket)
) WITHOUT ROWID;
