package dev.rekindle.console.client;

import dev.rekindle.ErrorCode;
import dev.rekindle.RekindleException;
import dev.rekindle.analytics.AnalyticsCapability;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.console.wire.Parameters;
import dev.rekindle.console.wire.Wire;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JavaType;

/** The figures of the store behind a console. They are read only: who measures runs on the store itself. Thread-safe. */
final class RemoteAnalytics implements AnalyticsCapability {
    private static final JavaType MEASUREMENTS = Wire.type(List.class, Measurement.class);

    private final Connection connection;

    RemoteAnalytics(Connection connection) {
        this.connection = connection;
    }

    @Override
    public List<Measurement> sumMeasurements(Resolution resolution, Instant from, Instant to) {
        return connection.get("/analytics/sums", window(resolution, from, to), MEASUREMENTS);
    }

    @Override
    public List<Measurement> measurementSeries(Subject.Kind kind, Resolution resolution, Instant from, Instant to) {
        return connection.get("/analytics/series", window(resolution, from, to).and("kind", kind.name()), MEASUREMENTS);
    }

    private static Parameters window(Resolution resolution, Instant from, Instant to) {
        return Parameters.NONE
                .and("resolution", resolution.name())
                .and("from", from)
                .and("to", to);
    }

    /** Refused with {@code READ_ONLY}. */
    @Override
    public void addMeasurements(List<Measurement> measurements) {
        throw readOnly();
    }

    /** Refused with {@code READ_ONLY}. */
    @Override
    public long forgetMeasurements(Resolution resolution, Instant before) {
        throw readOnly();
    }

    private RekindleException readOnly() {
        return new RekindleException(
                ErrorCode.READ_ONLY,
                "figures are only read here: '%s'; expected the store itself, found a console. Change them where the store is."
                        .formatted(connection.shown()));
    }
}
