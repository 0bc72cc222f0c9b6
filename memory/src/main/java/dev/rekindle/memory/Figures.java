package dev.rekindle.memory;

import dev.rekindle.Status;
import dev.rekindle.analytics.Measurement;
import dev.rekindle.analytics.Resolution;
import dev.rekindle.analytics.Subject;
import dev.rekindle.analytics.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** What was measured, added up. Thread-safe. */
final class Figures {
    /** What sums are kept of. */
    private record Cell(Resolution resolution, Instant at, Subject subject, Status outcome, int bucket) {
        Measurement with(Totals totals) {
            return new Measurement(resolution, at, subject, outcome, bucket, totals);
        }

        static Cell of(Measurement measurement) {
            return new Cell(
                    measurement.resolution(),
                    measurement.at(),
                    measurement.subject(),
                    measurement.outcome(),
                    measurement.bucket());
        }
    }

    private final Map<Cell, Totals> kept = new ConcurrentHashMap<>();

    void add(List<Measurement> measurements) {
        measurements.forEach(measurement -> kept.merge(Cell.of(measurement), measurement.totals(), Totals::plus));
    }

    List<Measurement> sum(Resolution resolution, Instant from, Instant to) {
        return summed(
                in(resolution, from, to),
                cell -> new Cell(resolution, from, cell.subject(), cell.outcome(), cell.bucket()));
    }

    List<Measurement> series(Subject.Kind kind, Resolution resolution, Instant from, Instant to) {
        List<Measurement> series = summed(
                in(resolution, from, to)
                        .filter(entry -> entry.getKey().subject().kind() == kind),
                cell -> new Cell(resolution, cell.at(), new Subject(kind, "", ""), cell.outcome(), 0));
        series.sort(Comparator.comparing(Measurement::at));
        return series;
    }

    long forget(Resolution resolution, Instant before) {
        long size = kept.size();
        kept.keySet()
                .removeIf(cell -> cell.resolution() == resolution && cell.at().isBefore(before));
        return size - kept.size();
    }

    private Stream<Map.Entry<Cell, Totals>> in(Resolution resolution, Instant from, Instant to) {
        return kept.entrySet().stream()
                .filter(entry -> entry.getKey().resolution() == resolution)
                .filter(entry -> !entry.getKey().at().isBefore(from))
                .filter(entry -> entry.getKey().at().isBefore(to));
    }

    private static List<Measurement> summed(Stream<Map.Entry<Cell, Totals>> entries, Function<Cell, Cell> group) {
        Map<Cell, Totals> sums = new LinkedHashMap<>();
        entries.forEach(entry -> sums.merge(group.apply(entry.getKey()), entry.getValue(), Totals::plus));
        List<Measurement> measurements = new ArrayList<>();
        sums.forEach((cell, totals) -> measurements.add(cell.with(totals)));
        return measurements;
    }
}
