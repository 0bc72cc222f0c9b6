package dev.rekindle.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResidentsTest {
    private final Residents residents = new Residents(100);

    @Test
    void rest_moreThanThereIsRoomFor_evictsTheLeastRecentlyUsed() {
        residents.rest(residents.wake("first"), 60);
        residents.rest(residents.wake("second"), 40);
        residents.rest(residents.wake("third"), 1);
        assertThat(residents.find("first")).isEmpty();
        assertThat(residents.restingBytes()).isEqualTo(41);
        assertThat(residents.evictionCount()).isEqualTo(1);
    }

    @Test
    void rest_oneLargerThanAllRoom_isEvictedAlone() {
        residents.rest(residents.wake("first"), 60);
        residents.rest(residents.wake("huge"), 101);
        assertThat(residents.find("huge")).isEmpty();
        assertThat(residents.find("first")).isPresent();
        assertThat(residents.restingBytes()).isEqualTo(60);
        assertThat(residents.evictionCount()).isEqualTo(1);
    }
}
