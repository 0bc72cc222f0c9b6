package dev.rekindle.cli.demo;

import dev.rekindle.Codec;
import dev.rekindle.InstanceSnapshot;
import dev.rekindle.cli.demo.Archive.Amount;
import dev.rekindle.cli.demo.Archive.FileStep;
import dev.rekindle.cli.demo.Archive.Progress;
import dev.rekindle.cli.demo.Archive.Run;
import dev.rekindle.provider.Event;
import dev.rekindle.provider.Provider;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a run has come, exactly, from the histories of the run and of the pages that are under way. */
final class SoFar {
    private final Provider provider;

    SoFar(Provider provider) {
        this.provider = provider;
    }

    /** What the run said last, which may be behind; empty until it has listed the tree. */
    static Optional<Progress> said(InstanceSnapshot run) {
        return Optional.ofNullable(run.customStatus()).map(status -> read(status, Progress.class));
    }

    /** What the run has done; empty until it has listed the tree. */
    Optional<Progress> of(InstanceSnapshot run) {
        return said(run).map(said -> new Progress(said.total(), done(run)));
    }

    private Amount done(InstanceSnapshot run) {
        Amount done = Amount.NONE;
        Map<Long, String> pages = new HashMap<>();
        for (Event event : provider.read(run.instance())) {
            switch (event) {
                case Event.OrchestrationStarted started ->
                    done = read(started.input(), Run.class).done();
                case Event.ChildScheduled scheduled -> pages.put(scheduled.id(), scheduled.instance());
                case Event.ChildCompleted completed -> {
                    pages.remove(completed.scheduledId());
                    done = done.plus(read(completed.output(), Amount.class));
                }
                default -> {}
            }
        }
        for (String page : pages.values()) {
            done = done.plus(doneIn(provider.read(page)));
        }
        return done;
    }

    private static Amount doneIn(List<Event> page) {
        Map<Long, FileStep> files = new HashMap<>();
        Amount done = Amount.NONE;
        for (Event event : page) {
            switch (event) {
                case Event.ActivityScheduled scheduled
                when scheduled.activity().equals(Archive.ARCHIVE_FILE.name()) ->
                    files.put(scheduled.id(), read(scheduled.input(), FileStep.class));
                case Event.ActivityCompleted completed -> {
                    @Nullable FileStep file = files.get(completed.scheduledId());
                    if (file != null) {
                        done = done.plus(new Amount(1, file.bytes()));
                    }
                }
                default -> {}
            }
        }
        return done;
    }

    @SuppressWarnings("unchecked")
    private static <T> T read(String payload, Class<T> type) {
        return (T) Objects.requireNonNull(Codec.json().decode(payload, (Type) type));
    }
}
