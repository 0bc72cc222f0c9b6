package dev.rekindle.memory;

import dev.rekindle.management.Page;
import dev.rekindle.management.PageRequest;
import dev.rekindle.provider.ProviderErrors;
import java.util.List;
import java.util.function.ToLongFunction;

/** Cursors that are the number of the last item of their page. */
final class Cursor {
    private Cursor() {}

    /** The number of a cursor; {@code first} when the first page is wanted. */
    static long of(PageRequest page, long first) {
        String cursor = page.cursor();
        if (cursor == null) {
            return first;
        }
        if (!cursor.matches("\\d{1,18}")) {
            throw ProviderErrors.badCursor(cursor);
        }
        return Long.parseLong(cursor);
    }

    /** A page of what begins with it and goes on for one more, if there is one. */
    static <T> Page<T> page(List<T> rest, PageRequest page, ToLongFunction<T> number) {
        if (rest.size() <= page.limit()) {
            return new Page<>(rest, null);
        }
        List<T> items = rest.subList(0, page.limit());
        return new Page<>(items, Long.toString(number.applyAsLong(items.getLast())));
    }
}
