package dev.rekindle.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a page. Safe by construction: text and values of attributes are escaped where they are written, there is no way
 * to put markup in as text, attributes can't be scripts or styles, and links lead to this console only. Immutable.
 */
sealed interface Html {
    /** Appends itself as markup. */
    void writeTo(StringBuilder out);

    /** Nothing. */
    static Html none() {
        return Group.EMPTY;
    }

    static Html text(@Nullable String text) {
        return new Text(text == null ? "" : text);
    }

    static Html group(Html... parts) {
        return new Group(List.of(parts));
    }

    static Html group(List<? extends Html> parts) {
        return new Group(List.copyOf(parts));
    }

    static Html when(boolean condition, Html part) {
        return condition ? part : none();
    }

    /** An element; the name may carry classes: {@code div.card.wide}. */
    static Element el(String name, Html... children) {
        String[] parts = name.split("\\.", -1);
        Element element = new Element(parts[0], Map.of(), List.of(children));
        return parts.length == 1
                ? element
                : element.attr("class", String.join(" ", Arrays.copyOfRange(parts, 1, parts.length)));
    }

    /** An element with text in it. */
    static Element el(String name, @Nullable String text) {
        return el(name, text(text));
    }

    /** As markup. */
    default String markup() {
        StringBuilder out = new StringBuilder();
        writeTo(out);
        return out.toString();
    }

    /** Text, to be read as it is. */
    record Text(String text) implements Html {
        @Override
        public void writeTo(StringBuilder out) {
            escape(text, out);
        }
    }

    /** Several pieces, one after the other. */
    record Group(List<Html> parts) implements Html {
        private static final Group EMPTY = new Group(List.of());

        @Override
        public void writeTo(StringBuilder out) {
            parts.forEach(part -> part.writeTo(out));
        }
    }

    /** An element with attributes and what is in it. */
    record Element(String name, Map<String, String> attributes, List<Html> children) implements Html {
        private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9-]*");
        private static final Pattern FORBIDDEN = Pattern.compile("on.*|style|srcdoc|srcset|hx-on.*|hx-vals|hx-headers");
        private static final Set<String> LINKS =
                Set.of("href", "src", "action", "formaction", "hx-get", "hx-post", "sse-connect");
        private static final Set<String> EMPTY = Set.of("br", "hr", "input", "link", "meta");

        public Element {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("not the name of an element: " + name);
            }
        }

        /** With this attribute. */
        Element attr(String attribute, @Nullable String value) {
            if (value == null) {
                return this;
            }
            if (!NAME.matcher(attribute).matches()
                    || FORBIDDEN.matcher(attribute).matches()) {
                throw new IllegalArgumentException("not an attribute to use: " + attribute);
            }
            boolean elsewhere = (!value.startsWith("/") && !value.startsWith("#")) || value.startsWith("//");
            if (LINKS.contains(attribute) && elsewhere) {
                throw new IllegalArgumentException("not a link into this console: " + value);
            }
            Map<String, String> more = new LinkedHashMap<>(attributes);
            more.put(attribute, value);
            return new Element(name, more, children);
        }

        Element attr(String attribute, long value) {
            return attr(attribute, Long.toString(value));
        }

        /** With this attribute, without a value, if it is wanted. */
        Element flag(String attribute, boolean wanted) {
            return wanted ? attr(attribute, "") : this;
        }

        Element id(String id) {
            return attr("id", id);
        }

        Element href(String path) {
            return attr("href", path);
        }

        /** With this in it too. */
        Element with(Html... more) {
            return with(List.of(more));
        }

        Element with(List<? extends Html> more) {
            List<Html> all = new ArrayList<>(children);
            all.addAll(more);
            return new Element(name, attributes, List.copyOf(all));
        }

        @Override
        public void writeTo(StringBuilder out) {
            out.append('<').append(name);
            attributes.forEach((attribute, value) -> {
                out.append(' ').append(attribute).append("=\"");
                escape(value, out);
                out.append('"');
            });
            out.append('>');
            if (!EMPTY.contains(name)) {
                children.forEach(child -> child.writeTo(out));
                out.append("</").append(name).append('>');
            }
        }
    }

    private static void escape(String text, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
    }
}
