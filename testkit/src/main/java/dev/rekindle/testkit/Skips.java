package dev.rekindle.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says on a subclass of {@link ProviderContract} how many checks are skipped because its store lacks a trait. When all
 * checks have run, the skips that happened must be exactly those that are listed: no skip goes unnoticed, and none
 * outlives its reason.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Skips.List.class)
public @interface Skips {
    /** What the store lacks. */
    Trait trait();

    /** How many checks are skipped because of it; one that needs several traits counts for the first it misses. */
    int checks();

    /** The container of several. */
    @Documented
    @Target(ElementType.TYPE)
    @Retention(RetentionPolicy.RUNTIME)
    @interface List {
        /** One for each trait. */
        Skips[] value();
    }
}
