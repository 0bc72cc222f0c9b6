package dev.rekindle.testkit;

/**
 * What a check may need of a store beyond the bare {@link dev.rekindle.provider.Provider}. A store has every trait
 * unless {@link TestStore#lacks()} says otherwise; a check whose trait is missing is skipped, and says why.
 */
public enum Trait {
    /** The provider has {@link dev.rekindle.management.ManagementCapability}, at least its founding eight. */
    MANAGEMENT,
    /** Its management also finds and looks closer: queries, pages, queues, definitions, nodes, dead letters, exports. */
    QUERIES,
    /** Its management also changes: suspend, resume, reopen, delete, prune, import. */
    CHANGES,
    /** The provider has {@link dev.rekindle.provider.EagerStartCapability}. */
    EAGER_START,
    /** The provider has {@link dev.rekindle.analytics.AnalyticsCapability}. */
    ANALYTICS,
    /** The provider has {@link dev.rekindle.provider.InspectionCapability}, so the store is looked over after each check. */
    INSPECTION,
    /** What was written is there when all providers were closed and another one is opened. */
    REOPENS,
    /** Several providers may be open on the store at once, as other processes would have them. */
    SEVERAL_PROVIDERS,
    /** Several providers may hold leases at once; without it all but one are standbys. */
    SEVERAL_RUNNERS,
    /** {@link TestStore#crash} works. */
    CRASHES,
    /** {@link TestStore#silence} works. */
    FALLS_SILENT,
    /** {@link TestStore#rewrite} works. */
    DAMAGE,
    /** {@link TestStore#loseNextAnswer} works. */
    LOST_ANSWERS,
    /** {@link TestStore#openSkewed} works. */
    SKEWED_CLOCKS
}
