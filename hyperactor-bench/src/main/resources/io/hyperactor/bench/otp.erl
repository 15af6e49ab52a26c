%% The peer of Erlang/OTP: a second node is started with peer, its own process, reached over TCP on this machine.
%%   tell SIZE          one process sends binaries to one on the other node
%%   call SIZE          a message to the other node and its answer, one after the other
%%   calls SIZE COUNT   the same from COUNT processes at once
%%   start              a node, to its first answer
%%   kill PROGRAM       a node is killed by `PROGRAM kill PID`, until another one knows
%% Reads "round N" and prints what that took, as io.hyperactor.bench.Worker says.
-module(otp).
-export([main/0, echo/0, sink/0]).

main() ->
    put(peers, []),
    Started = start_epmd(),
    try
        {ok, _} = net_kernel:start([list_to_atom("bench" ++ os:getpid() ++ "@127.0.0.1"), longnames]),
        Round = prepare(init:get_plain_arguments()),
        say("ready", []),
        rounds(Round)
    after
        [peer:stop(Peer) || Peer <- get(peers)],
        Started andalso stop_epmd()
    end,
    halt().

%% Ends with us if it was not there before.
start_epmd() ->
    case erl_epmd:names() of
        {ok, _} -> false;
        {error, _} -> os:cmd("epmd -daemon"), await_epmd(250), true
    end.

await_epmd(Attempts) when Attempts > 0 ->
    case erl_epmd:names() of
        {ok, _} -> ok;
        {error, _} -> timer:sleep(20), await_epmd(Attempts - 1)
    end.

stop_epmd() ->
    net_kernel:stop(),
    os:cmd("epmd -kill").

rounds(Round) ->
    case io:get_line("") of
        "round " ++ N -> Round(list_to_integer(string:trim(N))), rounds(Round);
        _ -> ok
    end.

say(Format, Values) -> io:format("bench " ++ Format ++ "~n", Values).

prepare(["tell", Size]) ->
    Bytes = list_to_integer(Size),
    Sink = spawn(node_beside(), ?MODULE, sink, []),
    Message = binary:copy(<<0>>, Bytes),
    fun(N) ->
        Sink ! {self(), N},
        receive ok -> ok end,
        Start = now_nanos(),
        send(Sink, Message, N),
        receive done -> ok end,
        Rate = N * 1.0e9 / (now_nanos() - Start),
        say("rate=~f throughput=~f", [Rate, Rate * Bytes])
    end;
prepare(["call", Size]) ->
    Echo = spawn(node_beside(), ?MODULE, echo, []),
    Message = binary:copy(<<0>>, list_to_integer(Size)),
    fun(N) -> latencies([call(Echo, Message) || _ <- lists:seq(1, N)]) end;
prepare(["calls", Size, Count]) ->
    Echo = spawn(node_beside(), ?MODULE, echo, []),
    Message = binary:copy(<<0>>, list_to_integer(Size)),
    Callers = list_to_integer(Count),
    fun(N) ->
        Me = self(),
        Each = max(1, N div Callers),
        Start = now_nanos(),
        All = [spawn(fun() -> calls(Echo, Message, Each), Me ! {done, self()} end) || _ <- lists:seq(1, Callers)],
        [receive {done, One} -> ok end || One <- All],
        say("rate=~f", [Callers * Each * 1.0e9 / (now_nanos() - Start)])
    end;
prepare(["start"]) ->
    fun(N) ->
        All = [start() || _ <- lists:seq(1, N)],
        {Ready, Answer} = lists:unzip(All),
        say("ready=~f answer=~f", [lists:sum(Ready) / N, lists:sum(Answer) / N])
    end;
prepare(["kill", Program]) ->
    fun(N) -> few([kill(Program) || _ <- lists:seq(1, N)]) end.

start() ->
    Start = now_nanos(),
    {Peer, Node} = node_started(),
    Ready = now_nanos() - Start,
    call(spawn(Node, ?MODULE, echo, []), <<1>>),
    Answer = now_nanos() - Start,
    peer:stop(Peer),
    {Ready, Answer}.

%% By the wall clock, which the other program can tell us.
kill(Program) ->
    {_, Node} = node_started(),
    Pid = erpc:call(Node, os, getpid, []),
    monitor_node(Node, true),
    Killed = list_to_integer(string:trim(os:cmd(Program ++ " kill " ++ Pid))),
    receive {nodedown, Node} -> os:system_time(nanosecond) - Killed end.

node_beside() ->
    {Peer, Node} = node_started(),
    put(peers, [Peer | get(peers)]),
    Node.

node_started() ->
    {ok, Peer, Node} = peer:start(#{
        name => peer:random_name(), host => "127.0.0.1", longnames => true,
        args => ["-pa", filename:dirname(code:which(?MODULE))]}),
    {Peer, Node}.

now_nanos() -> erlang:monotonic_time(nanosecond).

echo() ->
    receive {From, Message} -> From ! {self(), Message}, echo() end.

sink() ->
    receive {From, N} when is_integer(N) -> From ! ok, take(From, N), sink() end.

take(From, 0) -> From ! done;
take(From, N) -> receive Message when is_binary(Message) -> take(From, N - 1) end.

send(_, _, 0) -> ok;
send(To, Message, N) -> To ! Message, send(To, Message, N - 1).

call(Echo, Message) ->
    Start = now_nanos(),
    Echo ! {self(), Message},
    receive {Echo, _} -> now_nanos() - Start end.

calls(_, _, 0) -> ok;
calls(Echo, Message, N) -> call(Echo, Message), calls(Echo, Message, N - 1).

latencies(Nanos) -> say("~s", [percentiles(Nanos)]).

%% The single times, too.
few(Nanos) -> say("~s samples=~s", [percentiles(Nanos), lists:join(",", [integer_to_list(Each) || Each <- Nanos])]).

percentiles(Nanos) ->
    Sorted = lists:sort(Nanos),
    Count = length(Sorted),
    At = fun(Thousandths) -> lists:nth((Count * Thousandths + 999) div 1000, Sorted) end,
    io_lib:format("p50=~w p99=~w p999=~w max=~w", [At(500), At(990), At(999), lists:last(Sorted)]).
