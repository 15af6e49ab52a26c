package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A small backend for SLF4J that writes lines to standard error: for child procs, whose class path
/// holds no logging library, and for the command line.
///
/// It is used only where `-Dslf4j.provider=io.hyperactor.host.StderrLogs` names it, so it never
/// gets in the way of the backend of a program around a host. `-Dhyperactor.log.level` is the
/// lowest level that is written; default `warn`.
public final class StderrLogs implements SLF4JServiceProvider {
    /// The system property with the lowest level that is written.
    public static final String LEVEL_PROPERTY = "hyperactor.log.level";

    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final Level lowest;
    private final PrintStream out;

    /// Writes to standard error. Called by SLF4J.
    public StderrLogs() {
        this(level(System.getProperty(LEVEL_PROPERTY, "warn")), System.err);
    }

    StderrLogs(Level lowest, PrintStream out) {
        this.lowest = lowest;
        this.out = out;
    }

    private static Level level(String name) {
        try {
            return Level.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Level.WARN; // a log level is no reason not to start
        }
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(name, n -> new LineLogger(n, lowest, out));
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return new BasicMarkerFactory();
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return new NOPMDCAdapter();
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}

    private static final class LineLogger extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;
        private final Level lowest;
        private final transient PrintStream out;

        LineLogger(String name, Level lowest, PrintStream out) {
            this.name = name;
            this.lowest = lowest;
            this.out = out;
        }

        private boolean writes(Level level) {
            return level.toInt() >= lowest.toInt();
        }

        @Override
        public boolean isTraceEnabled() {
            return writes(Level.TRACE);
        }

        @Override
        public boolean isDebugEnabled() {
            return writes(Level.DEBUG);
        }

        @Override
        public boolean isInfoEnabled() {
            return writes(Level.INFO);
        }

        @Override
        public boolean isWarnEnabled() {
            return writes(Level.WARN);
        }

        @Override
        public boolean isErrorEnabled() {
            return writes(Level.ERROR);
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                @Nullable Object @Nullable [] arguments,
                @Nullable Throwable failure) {
            String text = MessageFormatter.basicArrayFormat(pattern, arguments);
            StringBuilder line = new StringBuilder().append(level).append(' ').append(name);
            line.append(": ").append(text);
            if (failure != null) {
                line.append(": ").append(failure);
            }
            out.println(line);
            if (failure != null && level == Level.ERROR) {
                failure.printStackTrace(out);
            }
        }
    }
}
