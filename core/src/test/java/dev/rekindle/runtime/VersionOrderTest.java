package dev.rekindle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VersionOrderTest {
    @Test
    void sort_shuffledVersions_ordersNumbersAsNumbers() {
        List<String> ordered = List.of(
                "beta", "0.9", "1", "1.0-alpha", "1.0", "1.0.0", "1.2", "1.10", "2.0", "2024.11.23", "99999999999999");
        List<String> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(1));
        shuffled.sort(new VersionOrder());
        assertThat(shuffled).containsExactlyElementsOf(ordered);
    }
}
