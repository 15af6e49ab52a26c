%% The peer of Erlang/OTP: a second node is started with peer, its own process, reached over TCP on this machine.
%%   tell SIZE          one process sends binaries to one on the other node
%%   call SIZE          a message to the other node and its answer, one after the other
%%   calls SIZE COUNT   the same from COUNT processes at once
%%   local WORK         inside this node alone:
%%     tell COUNT       COUNT processes send terms to one
%%     pingpong         two processes send each other one
%%     spawn            processes, each with its first message handled, all alive at the same time
%%     memory           the same, and what each of them takes
%%     hops COUNT TOKENS   tokens go from one of COUNT processes to any other one
%%     fanin COUNT      COUNT processes send to one
%%     fanout COUNT     one process sends to COUNT
%%   start              a node, to its first answer
%%   kill PROGRAM       a node is killed by `PROGRAM kill PID`, until another one knows
%% Reads "round N" and prints what that took, as io.hyperactor.bench.Worker says.
-module(otp).
-export([main/0, echo/0, sink/0]).

main() ->
    case init:get_plain_arguments() of
        ["local" | Work] -> serve(local(Work)), halt();
        Work -> distributed(Work)
    end.

distributed(Work) ->
    put(peers, []),
    Started = start_epmd(),
    try
        {ok, _} = net_kernel:start([list_to_atom("bench" ++ os:getpid() ++ "@127.0.0.1"), longnames]),
        serve(prepare(Work))
    after
        [peer:stop(Peer) || Peer <- get(peers)],
        stop_epmd(Started)
    end,
    halt().

%% Ends with us, however we end, if it was not there before: the shell is told by its input.
start_epmd() ->
    case erl_epmd:names() of
        {ok, _} -> none;
        {error, _} ->
            Script = "trap '' INT HUP; epmd >/dev/null 2>&1 & read -r _; kill $!",
            Port = open_port({spawn_executable, "/bin/sh"}, [{args, ["-c", Script]}]),
            await_epmd(250),
            Port
    end.

await_epmd(Attempts) when Attempts > 0 ->
    case erl_epmd:names() of
        {ok, _} -> ok;
        {error, _} -> timer:sleep(20), await_epmd(Attempts - 1)
    end.

stop_epmd(none) -> ok;
stop_epmd(Port) ->
    net_kernel:stop(),
    port_close(Port),
    await_no_epmd(50).

await_no_epmd(0) -> ok;
await_no_epmd(Attempts) ->
    case erl_epmd:names() of
        {ok, _} -> timer:sleep(20), await_no_epmd(Attempts - 1);
        {error, _} -> ok
    end.

serve(Round) ->
    say("ready", []),
    rounds(Round).

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

local(["tell", Count]) ->
    Senders = list_to_integer(Count),
    fun(N) ->
        Me = self(),
        Each = N div Senders,
        Sink = spawn(fun() -> items(Each * Senders), Me ! done end),
        rate(Each * Senders, fun() ->
            [spawn(fun() -> send_items(Sink, Each) end) || _ <- lists:seq(1, Senders)],
            receive done -> ok end
        end)
    end;
local(["pingpong"]) ->
    fun(N) ->
        Me = self(),
        White = spawn(fun() -> player(Me) end),
        Black = spawn(fun() -> player(Me) end),
        each(N, fun() -> White ! {ball, Black, 2 * N}, receive done -> ok end end),
        [exit(Player, kill) || Player <- [White, Black]]
    end;
local(["spawn"]) ->
    fun(N) ->
        Start = now_nanos(),
        Crowd = crowd(N),
        Nanos = now_nanos() - Start,
        disband(Crowd),
        say("each=~f", [Nanos / N])
    end;
local(["memory"]) ->
    fun(N) ->
        Before = memory(),
        Crowd = crowd(N),
        Bytes = memory() - Before,
        say("size=~f", [(Bytes - 16 * N) / N]), % without the list of them
        disband(Crowd)
    end;
local(["hops", Count, Tokens]) ->
    All = list_to_integer(Count),
    Travellers = list_to_integer(Tokens),
    persistent_term:put(hoppers, list_to_tuple([spawn(fun() -> hopper(All) end) || _ <- lists:seq(1, All)])),
    fun(N) ->
        Each = N div Travellers,
        rate(Each * Travellers, fun() ->
            [element(1, persistent_term:get(hoppers)) ! {hop, self(), Each, Seed} || Seed <- lists:seq(1, Travellers)],
            [receive done -> ok end || _ <- lists:seq(1, Travellers)]
        end)
    end;
local(["fanin", Count]) ->
    Senders = list_to_integer(Count),
    Talkers = [spawn(fun talker/0) || _ <- lists:seq(1, Senders)],
    fun(N) ->
        Me = self(),
        Each = max(1, N div Senders),
        Sink = spawn(fun() -> items(Each * Senders), Me ! done end),
        rate(Each * Senders, fun() ->
            [Talker ! {talk, Sink, Each} || Talker <- Talkers],
            receive done -> ok end
        end)
    end;
local(["fanout", Count]) ->
    All = list_to_integer(Count),
    fun(N) ->
        Me = self(),
        Each = max(1, N div All),
        Targets = [spawn(fun() -> items(Each), Me ! done end) || _ <- lists:seq(1, All)],
        rate(Each * All, fun() ->
            spawn(fun() -> [[Target ! {item, I} || Target <- Targets] || I <- lists:seq(1, Each)] end),
            [receive done -> ok end || _ <- Targets]
        end)
    end.

rate(Count, Work) ->
    Start = now_nanos(),
    Work(),
    say("rate=~f", [Count * 1.0e9 / (now_nanos() - Start)]).

each(Count, Work) ->
    Start = now_nanos(),
    Work(),
    say("each=~f", [(now_nanos() - Start) / Count]).

items(0) -> ok;
items(N) -> receive {item, _} -> items(N - 1) end.

send_items(_, 0) -> ok;
send_items(To, N) -> To ! {item, N}, send_items(To, N - 1).

player(Referee) ->
    receive
        {ball, _, 0} -> Referee ! done;
        {ball, Partner, Left} -> Partner ! {ball, self(), Left - 1}, player(Referee)
    end.

hopper(All) ->
    receive
        {hop, From, 0, _} -> From ! done;
        {hop, From, Left, Seed} ->
            Next = (Seed * 1103515245 + 12345) band 16#7fffffff,
            element(1 + (Next bsr 8) rem All, persistent_term:get(hoppers)) ! {hop, From, Left - 1, Next}
    end,
    hopper(All).

talker() ->
    receive {talk, To, Count} -> send_items(To, Count), talker() end.

%% Processes that have handled one message each, which they have answered.
crowd(N) ->
    Crowd = [begin Pid = spawn(fun idler/0), Pid ! {first, self()}, Pid end || _ <- lists:seq(1, N)],
    [receive {handled, Pid} -> ok end || Pid <- Crowd],
    Crowd.

idler() ->
    receive {first, From} -> From ! {handled, self()}, idler(); stop -> ok end.

disband(Crowd) ->
    Ends = [begin Ref = monitor(process, Pid), Pid ! stop, Ref end || Pid <- Crowd],
    [receive {'DOWN', Ref, _, _, _} -> ok end || Ref <- Ends].

memory() ->
    [erlang:garbage_collect() || _ <- lists:seq(1, 3)],
    erlang:memory(total).

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
    Watcher = self(),
    spawn_link(fun() -> % whoever watches does not wait for the shell as well
        Watcher ! {killed, list_to_integer(string:trim(os:cmd(Program ++ " kill " ++ Pid)))} end),
    Known = receive {nodedown, Node} -> os:system_time(nanosecond) end,
    receive {killed, Killed} -> Known - Killed end.

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
