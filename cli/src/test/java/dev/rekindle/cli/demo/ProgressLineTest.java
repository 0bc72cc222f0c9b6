package dev.rekindle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rekindle.cli.demo.Archive.Amount;
import dev.rekindle.cli.demo.Archive.Progress;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    @Test
    void bar_halfWay_isHalfFull() {
        Progress half = new Progress(new Amount(5_000, 4_800_000), new Amount(2_500, 1_200_000));

        assertThat(ProgressLine.bar(half))
                .isEqualTo("[############............]  50 %  2500 of 5000 files, 1.2 MB of 4.8 MB");
    }

    @Test
    void bar_ofAnEmptyTree_isFull() {
        assertThat(ProgressLine.bar(new Progress(Amount.NONE, Amount.NONE)))
                .isEqualTo("[########################] 100 %  0 of 0 files, 0 B of 0 B");
    }

    @Test
    void text_whenStepsWereRepeated_neverExceedsTheTotal() {
        Progress over = new Progress(new Amount(10, 100), new Amount(12, 120));

        assertThat(ProgressLine.text(over)).isEqualTo("10 of 10 files, 100 B of 100 B");
    }
}
