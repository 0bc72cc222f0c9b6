package dev.rekindle.cli.operate;

/** Lets a long loop notice Ctrl-C. */
final class Interrupted {
    private Interrupted() {}

    static void check() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
