package dev.rekindle.testkit;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Compares the skips that happened with those that {@link Skips} lists, when all checks of a contract have run. */
final class SkipCount implements TestWatcher, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SkipCount.class);

    /** What became of the checks of one contract. */
    private static final class Seen {
        final Set<Method> methods = ConcurrentHashMap.newKeySet();
        final Map<Trait, Set<Method>> skipped = new ConcurrentHashMap<>();
    }

    /** Thrown by a check that can't run. */
    static final class Lacking extends org.opentest4j.TestAbortedException {
        private static final long serialVersionUID = 1L;

        private final Trait trait;

        Lacking(Trait trait, String reason) {
            super("lacks %s: %s".formatted(trait, reason));
            this.trait = trait;
        }
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        seen(context).methods.add(context.getRequiredTestMethod());
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        seen(context).methods.add(context.getRequiredTestMethod());
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        Seen seen = seen(context);
        seen.methods.add(context.getRequiredTestMethod());
        if (cause instanceof Lacking lacking) {
            seen.skipped
                    .computeIfAbsent(lacking.trait, trait -> ConcurrentHashMap.newKeySet())
                    .add(context.getRequiredTestMethod());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Class<?> contract = contract(context);
        if (!contract.equals(context.getRequiredTestClass())) {
            return;
        }
        Seen seen = seen(context);
        if (!seen.methods.containsAll(checks(contract))) {
            return;
        }
        Map<Trait, Integer> expected = new EnumMap<>(Trait.class);
        for (Skips skips : AnnotationSupport.findRepeatableAnnotations(contract, Skips.class)) {
            expected.put(skips.trait(), skips.checks());
        }
        List<String> differences = new ArrayList<>();
        for (Trait trait : Trait.values()) {
            Set<Method> found = seen.skipped.getOrDefault(trait, Set.of());
            if (found.size() != expected.getOrDefault(trait, 0)) {
                differences.add("%s: expected %d, found %d: %s"
                        .formatted(trait, expected.getOrDefault(trait, 0), found.size(), names(found)));
            }
        }
        if (!differences.isEmpty()) {
            throw new AssertionError("the skips of %s are not those that its @Skips list:%n%s"
                    .formatted(contract.getSimpleName(), String.join(System.lineSeparator(), differences)));
        }
    }

    private static Set<String> names(Set<Method> methods) {
        return methods.stream().map(Method::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Method> checks(Class<?> contract) {
        Stream<Class<?>> themes =
                ReflectionSupport.findNestedClasses(contract, type -> AnnotationSupport.isAnnotated(type, Nested.class))
                        .stream();
        return themes.flatMap(theme -> ReflectionSupport.findMethods(
                        theme,
                        method -> AnnotationSupport.isAnnotated(method, Test.class)
                                || AnnotationSupport.isAnnotated(method, ParameterizedTest.class),
                        HierarchyTraversalMode.TOP_DOWN)
                        .stream())
                .toList();
    }

    private static Seen seen(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(contract(context), type -> new Seen(), Seen.class);
    }

    /** The class that inherits the contract. */
    private static Class<?> contract(ExtensionContext context) {
        Class<?> outermost = context.getRequiredTestClass();
        for (ExtensionContext at = context; at != null; at = at.getParent().orElse(null)) {
            outermost = at.getTestClass().orElse(outermost);
        }
        return outermost;
    }
}
