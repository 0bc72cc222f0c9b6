package dev.rekindle.runtime.replay;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.NOPLogger;

/** The logger of an execution: says nothing while the execution is replayed. */
final class ReplaySilentLogger {
    private ReplaySilentLogger() {}

    static Logger of(Execution execution) {
        Logger loud = LoggerFactory.getLogger(
                "rekindle.orchestration." + execution.code().definition().name());
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    Logger target = execution.isReplaying() ? NOPLogger.NOP_LOGGER : loud;
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
