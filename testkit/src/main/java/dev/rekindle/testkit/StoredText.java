package dev.rekindle.testkit;

/** The kinds of text that a store holds for an instance, as {@link TestStore#rewrite} names them. */
public enum StoredText {
    /** The events of its history, as {@link dev.rekindle.provider.JsonText#ofEvents} wrote them. */
    HISTORY,
    /** The messages in its queue, as {@link dev.rekindle.provider.JsonText#ofWork} wrote them. */
    MESSAGES,
    /** Its activities in the queue, as {@link dev.rekindle.provider.JsonText#ofWork} wrote them. */
    WORK
}
