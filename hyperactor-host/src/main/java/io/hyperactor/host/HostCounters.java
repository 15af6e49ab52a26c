package io.hyperactor.host;

import io.hyperactor.BoundCounter;
import io.hyperactor.Counters;
import io.hyperactor.DeliveryFailure;
import io.hyperactor.Proc;
import io.hyperactor.channel.ChannelCounter;
import io.hyperactor.channel.Channels;
import io.hyperactor.channel.RejectCode;
import io.hyperactor.host.HostAgentMessage.Counter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Gathers what a host, its manager and their process have counted.
///
/// Names are a group, a dot, what is counted, and perhaps a dot and why, in small letters. Those
/// that end in `_bytes` count bytes. docs/operations.md explains each.
final class HostCounters {
    private final List<Counter> counters = new ArrayList<>();

    private HostCounters() {}

    /// All of them, sorted by name. What its manager does not count is left out.
    static List<Counter> of(Host<?> host) {
        HostCounters all = new HostCounters();
        all.addMessages();
        all.addBounds();
        all.addQueues(host);
        all.addLinks(host.channels());
        all.addProcs(host);
        if (host.manager() instanceof ProcessProcManager<?> manager) {
            all.addChildren(manager);
        }
        all.counters.sort(Comparator.comparing(Counter::name));
        return all.counters;
    }

    private void addMessages() {
        for (DeliveryFailure.Reason reason : DeliveryFailure.Reason.values()) {
            add("messages.undelivered." + lowerCase(reason), Counters.undelivered(reason));
        }
        add("messages.returned", Counters.returned());
        add("messages.abandoned", Counters.abandoned());
        add("messages.ignored", Counters.ignored());
        add("messages.malformed", Counters.malformed());
        add("messages.forbidden", Counters.forbidden());
        add("messages.too_large", Counters.tooLarge());
        add("links.strangers", Counters.strangers());
    }

    private void addBounds() {
        for (BoundCounter what : BoundCounter.values()) {
            add("bounds." + lowerCase(what), Counters.count(what));
        }
    }

    private void addQueues(Host<?> host) {
        Proc service = host.systemProc();
        Proc local = host.localProc();
        add("mailboxes.queued_messages", service.queuedMessages() + local.queuedMessages());
        add("mailboxes.queued_bytes", service.queuedBytes() + local.queuedBytes());
    }

    private void addLinks(Channels channels) {
        add("links.held_bytes", channels.heldBytes());
        add("links.arriving_bytes", channels.arrivingBytes());
        add("links.sessions", channels.sessions());
        for (ChannelCounter what : ChannelCounter.values()) {
            add("links." + lowerCase(what), channels.count(what));
        }
        for (RejectCode why : RejectCode.values()) {
            add("links.rejected." + lowerCase(why), channels.rejectedLinks(why));
            add("links.refused_frames." + lowerCase(why), channels.refusedFrames(why));
        }
    }

    private void addProcs(Host<?> host) {
        host.refusals().forEach((why, count) -> add("refusals." + lowerCase(why), count));
        add("procs.restarts", host.restarts());
        add("procs.dropped_events", host.droppedEvents());
    }

    private void addChildren(ProcessProcManager<?> manager) {
        add("procs.refused_callbacks", manager.refusedCallbacks());
        add("procs.refused_steps", manager.refusedSteps());
        add("logs.refused_events", manager.refusedEvents());
        add("logs.dropped_events", manager.droppedEvents());
        add("logs.dropped_bytes", manager.droppedOutputBytes());
        add("logs.lost_records", manager.logs().lostRecords());
    }

    private void add(String name, long value) {
        counters.add(new Counter(name, value));
    }

    private static String lowerCase(Enum<?> reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
