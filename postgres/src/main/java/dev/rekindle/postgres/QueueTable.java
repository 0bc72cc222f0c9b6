package dev.rekindle.postgres;

import static dev.rekindle.postgres.RowStatement.Type.BIGINT;
import static dev.rekindle.postgres.RowStatement.Type.BOOLEAN;
import static dev.rekindle.postgres.RowStatement.Type.INTEGER;
import static dev.rekindle.postgres.RowStatement.Type.TEXT;

/**
 * What is written to {@code queue}, and to the tables around it at the same time. The queue row of an instance is its
 * lock: a transaction that sends to instances, cancels in them, lets go of them or ends them locks their rows first, in
 * the order of their keys, and so finds in later statements what it will find at its end.
 */
final class QueueTable {
    /** The rows of instances by key. */
    private static final RowStatement LOCK_HELD = RowStatement.of("""
        SELECT q.instance FROM rekindle.queue AS q
        WHERE q.instance = ANY (ARRAY(SELECT r.instance FROM :rows AS r (instance)))
        ORDER BY q.instance FOR UPDATE OF q\
        """, BIGINT);

    /** The rows of instances by key, and of others by id: all in one order. */
    private static final RowStatement LOCK = RowStatement.of("""
        WITH wanted AS MATERIALIZED (SELECT * FROM :rows AS r (key, id))
        SELECT q.instance FROM rekindle.queue AS q
        WHERE q.instance = ANY (ARRAY(
          SELECT key FROM wanted WHERE key IS NOT NULL
          UNION ALL
          SELECT i.key FROM wanted JOIN rekindle.instance AS i ON i.id = ANY (ARRAY[wanted.id])))
        ORDER BY q.instance FOR UPDATE OF q\
        """, BIGINT, TEXT);

    /**
     * Gives the instances that were just inserted their place in the queue and their first message. They are counted
     * already; those whose id was taken are not.
     */
    private static final RowStatement ENQUEUE = RowStatement.of("""
        WITH given AS MATERIALIZED (
          SELECT * FROM :rows AS g (id, node, delay, body)
        ), created AS MATERIALIZED (
          SELECT i.key, i.id, i.created_at, n.node, n.body,
            i.created_at + n.delay * interval '1 microsecond' AS visible_at, n.delay > 0 AS delayed
          FROM given AS n
          JOIN rekindle.instance AS i ON i.id = ANY (ARRAY[n.id]) AND i.created_by = ? AND i.created_in = ?
        ), queued AS (
          INSERT INTO rekindle.queue (instance, node, wake_at, not_before)
          SELECT key, node, visible_at, CASE WHEN delayed THEN visible_at END FROM created
        ), opened AS (
          INSERT INTO rekindle.message (instance, number, kind, visible_at, body)
          SELECT key, 0, 'open', visible_at, body FROM created
        ), refused AS (
          SELECT (SELECT count(*) FROM given) - (SELECT count(*) FROM created) AS starts
        ), counted AS (
          UPDATE rekindle.node AS d SET pending = d.pending - r.starts FROM refused AS r
          WHERE d.key = ? AND r.starts > 0
        )
        SELECT id, key, created_at FROM created\
        """, TEXT, BIGINT, BIGINT, TEXT);

    /**
     * Sends messages to instances that run, and buries those that somebody meant to be read and nobody can. The instances are
     * locked already, but for those that came after {@link #LOCK} had looked. What is to happen {@code unless} a start of this
     * transaction worked is an answer to the parent, or the burial of that start.
     */
    private static final RowStatement SEND =
            RowStatement.of("""
                WITH sent AS MATERIALIZED (
                  SELECT s.number, s.id, s.run_id, s.kind, s.body, s.buries, i.key, i.status, q.instance IS NOT NULL AS alive,
                    q.instance IS NOT NULL AND s.kind <> 'open' AND COALESCE(s.execution = i.execution, TRUE) AS accepted,
                    q.node, t.now + s.delay * interval '1 microsecond' AS visible_at, t.now
                  FROM (SELECT rekindle.store_now() AS now) AS t,
                    :rows AS s (number, id, run_id, execution, kind, delay, body, buries, unless)
                  LEFT JOIN rekindle.instance AS i ON i.id = ANY (ARRAY[s.id]) AND (s.run_id IS NULL OR i.run_id = s.run_id)
                  LEFT JOIN LATERAL (SELECT q.instance, q.node FROM rekindle.queue AS q WHERE q.instance = i.key FOR UPDATE) AS q ON TRUE
                  WHERE NOT EXISTS (SELECT FROM rekindle.instance AS x
                    WHERE x.id = ANY (ARRAY[s.unless]) AND x.created_by = ? AND x.created_in = ?)
                ), arrived AS (
                  INSERT INTO rekindle.message (instance, kind, visible_at, body)
                  SELECT key, kind, visible_at, body FROM sent WHERE accepted ORDER BY number
                ), woken AS (
                  UPDATE rekindle.queue AS q
                  SET wake_at = CASE WHEN q.suspended THEN LEAST(q.wake_at, w.end_at)
                      WHEN w.end_at IS NOT NULL THEN LEAST(q.wake_at, w.visible_at)
                      ELSE GREATEST(LEAST(q.wake_at, w.visible_at), q.not_before) END,
                    not_before = CASE WHEN w.end_at IS NULL THEN q.not_before END
                  FROM (SELECT key, min(visible_at) AS visible_at, min(visible_at) FILTER (WHERE kind = 'end') AS end_at
                    FROM sent WHERE accepted GROUP BY key) AS w
                  WHERE q.instance = ANY (ARRAY[w.key])
                ), buried AS (
                  INSERT INTO rekindle.dead_letter (instance, run_id, reason, at, body)
                  SELECT id, run_id, CASE WHEN kind = 'open' THEN 'the id was taken'
                    WHEN key IS NULL THEN 'no such instance or run' ELSE 'the instance had ended: ' || status END, now, body
                  FROM sent WHERE buries AND (kind = 'open' OR NOT alive) ORDER BY number
                )
                SELECT number, key IS NOT NULL, alive, status, accepted AND node IS NULL FROM sent\
                """, INTEGER, TEXT, TEXT, BIGINT, TEXT, BIGINT, TEXT, BOOLEAN, TEXT);

    /**
     * For a transaction whose answers were lost: an instance that is there has taken the message, unless it had ended
     * before. The node's row still has the time of that transaction.
     */
    static final RowStatement FIND_SENT =
            RowStatement.of("""
                SELECT s.number, i.key IS NOT NULL, COALESCE(i.finished_at > t.seen_at, TRUE), i.status, TRUE
                FROM :rows AS s (number, id, run_id, execution, kind, delay, body, buries, unless)
                JOIN rekindle.node AS t ON t.key = ? AND t.batch > ?
                LEFT JOIN rekindle.instance AS i ON i.id = ANY (ARRAY[s.id]) AND (s.run_id IS NULL OR i.run_id = s.run_id)\
                """, INTEGER, TEXT, TEXT, BIGINT, TEXT, BIGINT, TEXT, BOOLEAN, TEXT);

    /** Sends the completions of activities that this node still has; their rows are deleted afterwards. */
    private static final RowStatement COMPLETE = RowStatement.of("""
        WITH done AS MATERIALIZED (
          SELECT w.instance, c.body, (SELECT rekindle.store_now()) AS now
          FROM :rows AS c (instance, position, node, execution, body)
          JOIN rekindle.work AS w ON w.instance = ANY (ARRAY[c.instance]) AND w.position = c.position AND w.node = c.node
          JOIN rekindle.instance AS i ON i.key = ANY (ARRAY[c.instance]) AND i.execution = c.execution
          WHERE (SELECT q.instance FROM rekindle.queue AS q WHERE q.instance = c.instance) IS NOT NULL
        ), arrived AS (
          INSERT INTO rekindle.message (instance, kind, visible_at, body)
          SELECT instance, 'completion', now, body FROM done
        )
        UPDATE rekindle.queue AS q
        SET wake_at = CASE WHEN q.suspended THEN q.wake_at ELSE GREATEST(LEAST(q.wake_at, w.now), q.not_before) END
        FROM (SELECT instance, min(now) AS now FROM done GROUP BY instance) AS w
        WHERE q.instance = ANY (ARRAY[w.instance])
        RETURNING q.node IS NULL\
        """, BIGINT, BIGINT, BIGINT, BIGINT, TEXT);

    /** Lets go of instances, and finds out when they want to be run again. */
    private static final RowStatement RELEASE = RowStatement.of("""
        UPDATE rekindle.queue AS q
        SET node = NULL, deaths = CASE WHEN r.ran THEN 0 ELSE q.deaths END,
          not_before = CASE WHEN r.delay > 0 THEN t.now + r.delay * interval '1 microsecond' END,
          wake_at = CASE WHEN q.suspended THEN
              (SELECT min(GREATEST(m.visible_at, t.now + r.delay * interval '1 microsecond'))
                FROM rekindle.message AS m WHERE m.instance = q.instance AND m.kind = 'end')
            WHEN next.at IS NULL THEN NULL
            ELSE GREATEST(next.at, t.now + r.delay * interval '1 microsecond') END
        FROM (SELECT rekindle.store_now() AS now) AS t,
          :rows AS r (instance, delay, ran),
          LATERAL (SELECT LEAST(
            (SELECT min(m.visible_at) FROM rekindle.message AS m WHERE m.instance = r.instance),
            (SELECT min(d.due_at) FROM rekindle.timer AS d WHERE d.instance = r.instance)) AS at) AS next
        WHERE q.instance = ANY (ARRAY[r.instance])
        RETURNING q.wake_at\
        """, BIGINT, BIGINT, BOOLEAN);

    /**
     * Writes down how instances ended, with the last of their histories, and removes all that they leave in the queues; what
     * somebody meant to be read becomes a dead letter. Says when that was.
     */
    private static final RowStatement END =
            RowStatement.of("""
                WITH ended AS MATERIALIZED (
                  SELECT r.*, (SELECT rekindle.store_now()) AS now
                  FROM :rows AS r (instance, status, version, shows, custom_status, position, events, body)
                ), told AS (
                  INSERT INTO rekindle.history (instance, position, events, body)
                  SELECT e.instance, e.position, e.events, e.body FROM ended AS e WHERE e.body IS NOT NULL
                ), noted AS (
                  UPDATE rekindle.instance AS i
                  SET status = e.status, version = e.version, problem = NULL,
                    custom_status = CASE WHEN e.shows THEN e.custom_status ELSE i.custom_status END,
                    started_at = COALESCE(i.started_at, e.now), finished_at = e.now
                  FROM ended AS e WHERE i.key = ANY (ARRAY[e.instance])
                ),
                unqueued AS (DELETE FROM rekindle.queue AS q USING ended AS e WHERE q.instance = ANY (ARRAY[e.instance])),
                withdrawn AS (DELETE FROM rekindle.work AS w USING ended AS e WHERE w.instance = ANY (ARRAY[e.instance])),
                stopped AS (DELETE FROM rekindle.timer AS d USING ended AS e WHERE d.instance = ANY (ARRAY[e.instance])),
                left_over AS (DELETE FROM rekindle.message AS m USING ended AS e WHERE m.instance = ANY (ARRAY[e.instance])
                  RETURNING m.instance, m.kind, m.body),
                buried AS (
                  INSERT INTO rekindle.dead_letter (instance, run_id, reason, at, body)
                  SELECT i.id, i.run_id, 'the instance ended before it took this', (SELECT rekindle.store_now()), l.body
                  FROM left_over AS l JOIN rekindle.instance AS i ON i.key = ANY (ARRAY[l.instance])
                  WHERE l.kind = 'event')
                SELECT max(now) FROM ended\
                """, BIGINT, TEXT, TEXT, BOOLEAN, TEXT, BIGINT, INTEGER, TEXT);

    /** Removes what means nothing to the next execution. */
    private static final RowStatement END_EXECUTION = RowStatement.of("""
        WITH ended AS MATERIALIZED (SELECT * FROM :rows AS r (instance)),
        withdrawn AS (DELETE FROM rekindle.work AS w USING ended AS e WHERE w.instance = ANY (ARRAY[e.instance])),
        stopped AS (DELETE FROM rekindle.timer AS d USING ended AS e WHERE d.instance = ANY (ARRAY[e.instance]))
        DELETE FROM rekindle.message AS m USING ended AS e
        WHERE m.instance = ANY (ARRAY[e.instance]) AND m.kind = 'completion'\
        """, BIGINT);

    private QueueTable() {}

    static Rows lock() {
        return new Rows(LOCK);
    }

    /** The same where all are named by key, which is the cheaper question. */
    static Rows lockHeld(Rows lock) {
        return lock.reusing(LOCK_HELD);
    }

    static Rows enqueue(NodeTable.Identity creator) {
        return new Rows(ENQUEUE).with(creator.key(), creator.batch(), creator.key());
    }

    static Rows send(NodeTable.Identity creator) {
        return new Rows(SEND).with(creator.key(), creator.batch());
    }

    static Rows complete() {
        return new Rows(COMPLETE);
    }

    static Rows release() {
        return new Rows(RELEASE);
    }

    static Rows end() {
        return new Rows(END).inOrder();
    }

    static Rows endExecution() {
        return new Rows(END_EXECUTION).inOrder();
    }
}
