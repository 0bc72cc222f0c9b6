-- Sums over what ended: one row for each step of time, subject, outcome and order of magnitude of the time it took. Times
-- are milliseconds. A window is a range of the key.
CREATE TABLE rekindle.figure (
  resolution    text        NOT NULL,
  at            timestamptz NOT NULL,
  kind          text        NOT NULL,
  orchestration text        NOT NULL,
  name          text        NOT NULL,
  outcome       text        NOT NULL,
  bucket        integer     NOT NULL,
  things        bigint      NOT NULL,
  millis        bigint      NOT NULL,
  queued        bigint      NOT NULL,
  retrying      bigint      NOT NULL,
  PRIMARY KEY (resolution, at, kind, orchestration, name, outcome, bucket)
) WITH (fillfactor = 80);
