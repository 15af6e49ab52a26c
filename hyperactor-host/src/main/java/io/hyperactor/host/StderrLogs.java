package io.hyperactor.host;

import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.LoggingEventAware;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A small backend for SLF4J: for child procs, whose class path holds no logging library, and for
/// the command line. It writes lines to standard error; in a child, while there is a link to its
/// manager, it sends events over that instead.
///
/// It is used only where `-Dslf4j.provider=io.hyperactor.host.StderrLogs` names it, so it never
/// gets in the way of the backend of a program around a host. `-Dhyperactor.log.level` is the
/// lowest level that is written or sent; default `warn`. Logging never throws, and waits for
/// nobody: see [LinePrinter].
public final class StderrLogs implements SLF4JServiceProvider {
    /// The system property with the lowest level that is written.
    public static final String LEVEL_PROPERTY = "hyperactor.log.level";

    private static volatile boolean inUse;
    private static volatile @Nullable LogLink link; // of the one proc that this process is

    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final Level lowest;
    private final LinePrinter out;

    /// Writes to standard error. Called by SLF4J.
    public StderrLogs() {
        this(level(System.getProperty(LEVEL_PROPERTY, "warn")), System.err);
    }

    StderrLogs(Level lowest, PrintStream out) {
        this.lowest = lowest;
        this.out = new LinePrinter(out);
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
    public void initialize() {
        inUse = true;
    }

    /// Whether SLF4J uses this here.
    static boolean isInUse() {
        return inUse;
    }

    /// From now on all events go over `to` while it is up: for a child.
    static void sendTo(LogLink to) {
        link = to;
    }

    /// Waits until the events that were sent have arrived, at most `limit`.
    static void flush(Duration limit) {
        LogLink to = link;
        if (to != null) {
            to.flush(limit);
        }
    }

    private static final class LineLogger extends LegacyAbstractLogger
            implements LoggingEventAware {
        private static final long serialVersionUID = 1L;
        private final Level lowest;
        private final transient LinePrinter out;

        LineLogger(String name, Level lowest, LinePrinter out) {
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
            String text = String.valueOf(MessageFormatter.basicArrayFormat(pattern, arguments));
            write(level, text, List.of(), failure);
        }

        /// An event of the fluent interface, whose key-value pairs are still by themselves.
        @Override
        public void log(LoggingEvent event) {
            if (!writes(event.getLevel())) {
                return;
            }
            String text =
                    String.valueOf(
                            MessageFormatter.basicArrayFormat(
                                    event.getMessage(), event.getArgumentArray()));
            List<KeyValuePair> pairs = event.getKeyValuePairs();
            write(event.getLevel(), text, pairs == null ? List.of() : pairs, event.getThrowable());
        }

        private void write(
                Level level, String text, List<KeyValuePair> pairs, @Nullable Throwable failure) {
            LogLink to = link;
            if (to == null
                    || !to.isUp()
                    || !to.send(LogEvents.of(level, name, text, pairs, failure))) {
                print(level, text, pairs, failure);
            }
        }

        private void print(
                Level level, String text, List<KeyValuePair> pairs, @Nullable Throwable failure) {
            StringBuilder line = new StringBuilder().append(level).append(' ').append(name);
            line.append(": ");
            for (KeyValuePair pair : pairs) {
                line.append(pair.key).append('=').append(LogText.of(pair.value)).append(' ');
            }
            line.append(text);
            if (failure != null) {
                line.append(": ").append(LogText.of(failure));
            }
            if (failure != null && level == Level.ERROR) {
                line.append(System.lineSeparator())
                        .append(LogText.of(failure, LogRecord.FAILURE_MAX_CHARS));
            }
            out.print(line.toString());
        }
    }
}
