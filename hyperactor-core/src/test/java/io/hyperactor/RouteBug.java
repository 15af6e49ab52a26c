package io.hyperactor;

import io.hyperactor.channel.PlantedClasses;

import java.io.IOException;
import java.util.List;

/// Bugs planted in the product, one at a time, to see that the simulation finds them.
enum RouteBug {
    /// The end of a proc is not told to those who had sent to it.
    FORGETS_DOUBTS("DialRouter", "        tellDoubts(proc, ended);\n", ""),
    /// Nor is the end of a process to those who had sent to who was there.
    FORGETS_DOUBTS_OF_LINKS(
            "DialRouter", "later(() -> counts.tell(home));", "later(() -> counts.link());"),
    /// What the proc gave back is not taken off what it has.
    FORGETS_WHAT_WAS_GIVEN_BACK(
            "Tallies", "            tally.givenBack();\n", "            boolean _ = told;\n"),
    /// Nor to those who had asked it.
    FORGETS_ASKERS("DialRouter", "        ended.askers.tell(proc, home);\n", ""),
    /// Nor to those who had asked it through a host, when it has none itself.
    FORGETS_ASKERS_OF_LINKS(
            "DialRouter", "            client.tellAskers(); // ahead", "            // ahead"),
    /// Nor to those who had asked it themselves.
    FORGETS_OWN_ASKS(
            "DialRouter",
            "ask -> ask.hasGoneBy(client), reason, why.toString()",
            "ask -> false, reason, why.toString()"),
    /// What is on its way comes back, and is in doubt as well.
    TELLS_DOUBTS_AT_ONCE(
            "DialRouter",
            "if (link == null || links.hold(link)) {",
            "if (link == null || link.address() != null) {"),
    /// What is sent after a change of the route still goes the old way.
    STALE_ROUTE("DialRouter", " && route.asOf() == changes.get()", ""),
    /// Messages go by a link that has ended.
    KEEPS_ENDED_LINKS(
            new PlantedClasses.Edit(
                    "Elsewhere",
                    "= links.remove(target, client);",
                    "= links.at(target) == client;"),
            new PlantedClasses.Edit(
                    "DialRouter", "            boolean _ = links.remove(target, client);\n", "")),
    /// A loop is never left.
    TTL_STAYS("WireEnvelope", "out.writeByte(ttl - 1);", "out.writeByte(ttl);"),
    /// News is lost where there is no room at the moment.
    DROPS_NEWS(
            "NewsQueue",
            "        if (!enqueue(lane, new News(envelope, size))) {",
            "        if (false) {"),
    /// What found no room is given back and offered again.
    RETURNS_TWICE(
            "MailboxClient",
            "\"the way to \" + envelope.proc());\n        }\n        return true;",
            "\"the way to \" + envelope.proc());\n        }\n        return false;"),
    /// What may have arrived is told as not delivered.
    TOO_SURE(
            "MailboxClient",
            "                        written\n                                ? Undeliverable.Outcome.UNKNOWN",
            "                        written\n                                ? Undeliverable.Outcome.NOT_DELIVERED"),
    /// What came back for want of room keeps its number.
    NUMBERS_WHAT_CAME_BACK(
            "Tally", "long _ = (long) PASSED.getAndAdd(this, -1L);", "unknown += 0;"),
    /// What an actor has in its queue when it ends is gone.
    FORGETS_LEFTOVERS(
            "ActorCell",
            "        mailbox.close();\n        for (Mailbox.Node n = mailbox.poll();",
            "        mailbox.close();\n        for (Mailbox.Node n = null;"),
    /// A proc does not say what it has handled.
    FORGETS_MARKS(
            "ActivatedCell", "            origin.handled();\n", "            origin.arrives();\n"),
    /// A request that came back in another process is told to a listener.
    FORGETS_REPLY_PORT("Returned", "                replyPort);", "                0);"),
    /// A message arrives twice.
    SENDS_TWICE(
            "DialRouter",
            "            return client.offer(envelope);\n        }\n    }",
            "            return client.offer(envelope) && client.offer(envelope);\n        }\n    }");

    @SuppressWarnings("ImmutableEnumChecker") // it is
    private final List<PlantedClasses.Edit> edits;

    RouteBug(String file, String right, String wrong) {
        this(new PlantedClasses.Edit(file, right, wrong));
    }

    RouteBug(PlantedClasses.Edit... edits) {
        this.edits = List.of(edits);
    }

    /// Classes that have this bug.
    ClassLoader load() throws IOException {
        return new PlantedClasses(RouteBug.class.getPackageName(), edits);
    }
}
