/** Small programs that show one thing each. */
module dev.rekindle.examples {
    requires dev.rekindle;
    requires static org.jspecify;

    opens dev.rekindle.examples to
            tools.jackson.databind;
}
