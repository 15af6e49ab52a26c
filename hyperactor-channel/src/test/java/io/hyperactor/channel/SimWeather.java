package io.hyperactor.channel;

/// What a [SimNetwork] does to one connection.
///
/// @param delayNanos of a piece, at most
/// @param room how many bytes may be on their way in each direction, and wait to be read there
/// @param connects whether an attempt to connect is answered at all
/// @param forth after so many bytes from the dialler it breaks
/// @param back the same, for what comes back
/// @param forthSilent after so many bytes from the dialler no more arrive, and nobody is told
/// @param backSilent the same, for what comes back
/// @param breaksAfterNanos when it breaks anyway
/// @param blindNanos how long an end may take to learn that it is broken
/// @param forthGarbled how likely it is for each frame from the dialler that its length is another
///   one, which happens once
/// @param backGarbled the same, for what comes back
public record SimWeather(
        long delayNanos,
        int room,
        boolean connects,
        long forth,
        long back,
        long forthSilent,
        long backSilent,
        long breaksAfterNanos,
        long blindNanos,
        double forthGarbled,
        double backGarbled) {
    static final long NEVER = Long.MAX_VALUE;

    /// Nothing happens.
    public static SimWeather fair() {
        return slow(SimWorld.MILLI, 2000);
    }

    /// Nothing happens, but it takes long.
    public static SimWeather slow(long delayNanos, int room) {
        return new SimWeather(
                delayNanos, room, true, NEVER, NEVER, NEVER, NEVER, NEVER, delayNanos, 0, 0);
    }

    SimWeather breaking(long afterForth, long afterBack, long afterNanos, long blind) {
        return new SimWeather(
                delayNanos,
                room,
                connects,
                afterForth,
                afterBack,
                forthSilent,
                backSilent,
                afterNanos,
                blind,
                forthGarbled,
                backGarbled);
    }

    SimWeather silent(long afterForth, long afterBack) {
        return new SimWeather(
                delayNanos,
                room,
                connects,
                forth,
                back,
                afterForth,
                afterBack,
                breaksAfterNanos,
                blindNanos,
                forthGarbled,
                backGarbled);
    }

    SimWeather unanswered() {
        return new SimWeather(
                delayNanos,
                room,
                false,
                forth,
                back,
                forthSilent,
                backSilent,
                breaksAfterNanos,
                blindNanos,
                forthGarbled,
                backGarbled);
    }

    SimWeather garbling(double ofForth, double ofBack) {
        return new SimWeather(
                delayNanos,
                room,
                connects,
                forth,
                back,
                forthSilent,
                backSilent,
                breaksAfterNanos,
                blindNanos,
                ofForth,
                ofBack);
    }
}
