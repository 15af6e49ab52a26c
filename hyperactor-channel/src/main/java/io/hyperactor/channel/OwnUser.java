package io.hyperactor.channel;

/// The user that this process runs as, named as file owners and peers are: by name, or by number if
/// it has no name.
final class OwnUser {
    static final String NAME =
            ProcessHandle.current().info().user().orElseGet(() -> System.getProperty("user.name"));

    private OwnUser() {}
}
