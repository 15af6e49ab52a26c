package io.hyperactor.cli;

import io.hyperactor.Actor;
import io.hyperactor.ActorType;
import io.hyperactor.Context;
import io.hyperactor.cli.WordCounterMessage.Count;

/// Counts the words of the texts it is sent.
final class WordCounter implements Actor<WordCounterMessage> {
    /// What a word is.
    record Params(WordRule rule) {}

    static final ActorType.WithParams<Params, WordCounterMessage> TYPE =
            ActorType.of("word-counter", WordCounterMessage.class, Params.class, WordCounter::new);

    private final WordRule rule;

    private WordCounter(Params params) {
        rule = params.rule();
    }

    @Override
    public void receive(Context<WordCounterMessage> cx, WordCounterMessage message) {
        switch (message) {
            case Count(var text, var insideWord, var replyTo) ->
                    cx.send(replyTo, rule.count(text, insideWord));
        }
    }
}
