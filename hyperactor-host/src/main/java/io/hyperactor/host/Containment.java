package io.hyperactor.host;

/// How much of what a process has started ends with it, and with its host.
public enum Containment {
    /// All of it: the process has a control group (cgroup v2) of its own, which no descendant can
    /// leave without the rights for that.
    CGROUP("cgroup"),

    /// All of its process group; and what has moved to another one, for example with `setsid`, a
    /// moment later, unless it has shed or hides the variable `HYPERACTOR_HOST_MARK` of its
    /// environment.
    PROCESS_GROUP("process group"),

    /// What is known to descend from it in the moment it is killed, and nothing if it ends by
    /// itself.
    PROCESS("process");

    private final String text;

    Containment(String text) {
        this.text = text;
    }

    /// In words, for example `process group`.
    @Override
    public String toString() {
        return text;
    }
}
