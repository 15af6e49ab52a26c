#!/usr/bin/env python3
"""A stranger in Python: lists the procs of a host, and sends to a proc that the host does not have.

    list-procs.py SOCKET_OF_THE_HOST OWN_SOCKET WIRE_FORMAT.MD

Written from docs/wire-format.md alone, to see that it says enough. Prints a line per proc, and why
the message came back.
"""
import os
import queue
import re
import secrets
import socket
import struct
import sys
import threading

MEANS = "Means[RLIMIT,NICE,CGROUP,JVM,NOTHING]"
LIMITS = f"List<AppliedLimit(String,long,{MEANS})>"
PROCS = f"List<ProcInfo(String,long,String,long,long,long,int,String,{LIMITS})>"
ECHO = "EchoMessage(OncePortRef<ActorId>)"
RETURNED_PORT = 0xC000000000000001
LIST_PROCS = b"\x01"  # the tag: the second of the permitted types
MY_INCARNATION = secrets.randbits(64) | 1


def hash_of(signature):
    value = 0xCBF29CE484222325
    for byte in signature.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise EOFError("the connection ended")
        data += more
    return data


def frame_from(connection):
    (length,) = struct.unpack(">I", exactly(connection, 4))
    frame = exactly(connection, length)
    return frame[0], frame[1:]


class Reader:
    def __init__(self, data):
        self.data = data

    def take(self, count):
        head, self.data = self.data[:count], self.data[count:]
        assert len(head) == count
        return head

    def number(self, form):
        return struct.unpack(">" + form, self.take(struct.calcsize(">" + form)))[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.number("B")
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def string(self):
        return self.take(self.varint()).decode()


def envelope(destination, sender, signature, reply_port, payload):
    type_hash = hash_of(signature)
    ids = b"".join(
        struct.pack(">H", len(text)) + text for text in (destination.encode(), sender.encode())
    )
    handler_port = 0x8000000000000000 | type_hash >> 2
    return struct.pack(">BBHQQQ", 1, 63, 2, handler_port, type_hash, reply_port) + ids + payload


def once_port_ref(owner, index):
    text = owner.encode()
    assert len(text) < 128  # one byte of varint is enough
    return bytes([len(text)]) + text + struct.pack(">QQ", MY_INCARNATION, index)


def serve(server, arrived):
    """Takes what comes, on as many connections as it comes on."""
    while True:
        connection, _ = server.accept()
        threading.Thread(target=receive, args=(connection, arrived), daemon=True).start()


def receive(connection, arrived):
    hello = exactly(connection, 6)
    assert hello[:5] == b"HYPR\x01"
    exactly(connection, hello[5])
    connection.sendall(struct.pack(">IBBII", 10, 16, 1, 0, 1 << 24))
    while True:
        kind, rest = frame_from(connection)
        if kind == 1:
            arrived.put(rest[8:])
            connection.sendall(struct.pack(">IB", 9, 17) + rest[:8])


def parse(body):
    data = Reader(body)
    version, _, flags = data.number("B"), data.number("B"), data.number("H")
    assert version == 1
    port, type_hash = data.number("Q"), data.number("Q")
    if flags & 1:
        assert data.number("Q") == MY_INCARNATION
    if flags & 2:
        data.number("Q")
    if flags & 8:
        data.number("Q")
    for _ in range(2):
        data.take(data.number("H"))
    return port, type_hash, data


host_path, own_path, wire_format = sys.argv[1:]
# the protocol of host agents, as the document has it
(HOST_AGENT,) = re.findall(r"^`(HostAgentMessage\{.*\})`", open(wire_format).read(), re.MULTILINE)
host, me = "unix:" + host_path, "unix:" + own_path + ",python,stranger[0]"
os.umask(0o177)
server = socket.socket(socket.AF_UNIX)
server.bind(own_path)
server.listen()
arrived = queue.Queue()
threading.Thread(target=serve, args=(server, arrived), daemon=True).start()
try:
    link = socket.socket(socket.AF_UNIX)
    link.connect(host_path)
    link.sendall(
        b"HYPR\x01\x28"
        + struct.pack(">IQIII", 0, secrets.randbits(64), 1 << 24, 1 << 24, 1 << 16)
        + bytes(16)  # a stranger has no secret
    )
    bodies = [
        envelope(
            host + ",service,host_agent[0]", me, HOST_AGENT, 1, LIST_PROCS + once_port_ref(me, 1)
        ),
        envelope(host + ",nobody,echo[0]", me, ECHO, 2, once_port_ref(me, 2)),
    ]
    for sequence, body in enumerate(bodies, 1):
        link.sendall(struct.pack(">IBQ", 9 + len(body), 1, sequence) + body)
    link.sendall(struct.pack(">IB", 1, 2))
    kind, _ = frame_from(link)
    assert kind == 16, kind
    acknowledged = 0
    while acknowledged < 2:
        kind, rest = frame_from(link)
        assert kind == 17, kind
        (acknowledged,) = struct.unpack(">Q", rest)

    for _ in bodies:
        port, type_hash, data = parse(arrived.get(timeout=30))
        if port == 1:
            assert type_hash == hash_of(PROCS)
            for _ in range(data.varint()):
                name, pid, state = data.string(), data.number("q"), data.string()
                uptime, memory, cpu = data.number("q"), data.number("q"), data.number("q")
                restarts, last_exit = data.number("i"), data.string()
                limits = data.varint()
                print(f"proc {name} {pid} {state} {uptime >= 0} {memory > 0}")
                assert cpu > 0 and restarts == 0 and last_exit == "" and limits == 0, last_exit
        else:
            assert port == RETURNED_PORT
            outcome, failures = data.varint(), data.varint()
            reason, detail = data.varint(), data.string()
            print(f"returned {outcome} {failures} {reason} {detail}")
finally:
    os.unlink(own_path)
