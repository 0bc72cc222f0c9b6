package dev.rekindle.cli.operate;

import dev.rekindle.Failure;
import dev.rekindle.management.Diagnosis;
import dev.rekindle.management.PendingWait;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why an instance stands where it stands, as programs read it. */
record WhyForm(String instance, String status, String headline, List<Wait> waits) {

    static WhyForm of(Diagnosis diagnosis) {
        return new WhyForm(
                diagnosis.instance().instance(),
                diagnosis.instance().status().label(),
                diagnosis.headline(),
                diagnosis.waits().stream().map(Wait::of).toList());
    }

    record Wait(
            String kind,
            long eventId,
            String subject,
            @Nullable Instant since,
            @Nullable Instant until,
            int attempt,
            @Nullable Failure lastFailure,
            String text) {

        static Wait of(PendingWait wait) {
            return new Wait(
                    wait.kind().name().toLowerCase(Locale.ROOT),
                    wait.eventId(),
                    wait.subject(),
                    wait.since(),
                    wait.until(),
                    wait.attempt(),
                    wait.lastFailure(),
                    wait.text());
        }
    }
}
