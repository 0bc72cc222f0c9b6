/** Contracts that every provider keeps, as JUnit tests to inherit. */
module dev.rekindle.testkit {
    requires transitive dev.rekindle;
    requires transitive org.junit.jupiter.api;
    requires org.junit.jupiter.params;
    requires org.assertj.core;
    requires static org.jspecify;

    exports dev.rekindle.testkit;

    opens dev.rekindle.testkit to
            org.junit.platform.commons;
}
