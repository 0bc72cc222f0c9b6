package dev.rekindle.sqlite;

import dev.rekindle.RekindleException;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations on requests to the owner: asking, performing, taking back. */
final class RequestOps {
    private RequestOps() {}

    /** Asks; answers with the key of the request. */
    static final class Post extends Op<Long> {
        private final String body;
        private long key;

        Post(Change change) {
            this.body = Json.ofChange(change);
        }

        @Override
        boolean admit(Batch batch) {
            return true;
        }

        @Override
        void write(Batch batch) throws SQLException {
            key = batch.tables().request().insert(batch.tables().session(), batch.now(), body);
        }

        @Override
        Long committed(Batch batch) {
            return key;
        }
    }

    /** Performs a request that nobody has performed, and leaves the answer, in one transaction. */
    static final class Perform extends Op<@Nullable Void> {
        private final long key;
        private @Nullable ChangeOp change;
        private @Nullable Answer answer;
        private boolean open;

        Perform(long key) {
            this.key = key;
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            answer = null;
            RequestTable.Row row =
                    RequestTable.byKey(batch.tables().session(), key).orElse(null);
            open = row != null && row.isOpen();
            if (row == null || !open) {
                return true;
            }
            if (!batch.claimRequest(key)) {
                return false;
            }
            try {
                ChangeOp its = ChangeOp.of(Json.toChange(row.body()));
                change = its;
                return its.admit(batch);
            } catch (RekindleException e) {
                answer = Answer.refused(e);
                return true;
            }
        }

        @Override
        void write(Batch batch) throws SQLException {
            if (!open) {
                return;
            }
            Answer given = answer;
            if (given == null) {
                given = attempt(batch, Objects.requireNonNull(change, "not admitted"));
                answer = given;
            }
            batch.tables().request().answer.add(Json.ofAnswer(given), key);
        }

        private static Answer attempt(Batch batch, ChangeOp its) throws SQLException {
            try {
                its.write(batch);
                return Answer.done(its.removed());
            } catch (RekindleException e) {
                return Answer.refused(e);
            }
        }

        @Override
        @Nullable
        Void committed(Batch batch) {
            if (open && change != null && answer != null && !answer.isRefusal()) {
                change.committed(batch);
            }
            return null;
        }
    }

    /** Removes a request, performed or not; answers with what came of it, if anything did. */
    static final class Withdraw extends Op<Optional<Answer>> {
        private final long key;
        private Optional<Answer> answer = Optional.empty();

        Withdraw(long key) {
            this.key = key;
        }

        @Override
        boolean admit(Batch batch) throws SQLException {
            answer = RequestTable.byKey(batch.tables().session(), key)
                    .map(RequestTable.Row::answer)
                    .map(Json::toAnswer);
            return batch.claimRequest(key);
        }

        @Override
        void write(Batch batch) throws SQLException {
            batch.tables().request().delete.add(key);
        }

        @Override
        Optional<Answer> committed(Batch batch) {
            return answer;
        }
    }
}
