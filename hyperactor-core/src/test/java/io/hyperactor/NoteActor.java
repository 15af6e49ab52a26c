package io.hyperactor;

/// Handles notes: says so to the ledger, and answers.
final class NoteActor implements Actor<Note> {
    private final Post post;

    private NoteActor(Post post) {
        this.post = post;
    }

    static ActorType<Note> type(Post post) {
        return ActorType.of("notes", Note.class, () -> new NoteActor(post));
    }

    @Override
    public void receive(Context<Note> cx, Note message) {
        post.handled(message.id(), cx.id());
        switch (message) {
            case Note.Tell _ -> {}
            case Note.Ask(long id, _, var replyTo) -> cx.send(replyTo, id);
            case Note.Bomb _ -> {
                post.fails(cx.id());
                throw new IllegalStateException("as it should");
            }
        }
    }

    @Override
    public void undeliverable(Context<Note> cx, Undeliverable returned) {
        returned.message().ifPresent(answer -> post.answerCameBack((long) answer));
    }
}
