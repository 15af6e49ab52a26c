#!/usr/bin/env python3
"""A proc in Python: boots under a Hyperactor host and answers EchoMessage. See wire-format.md.

Its host is made with
    ProcessProcManager.of(List.of("python3", "docs/echo-proc.py"), EchoMessage.class)
"""
import os
import secrets
import socket
import struct
import threading

DATA, ACK_NOW, ACCEPT, ACK, REJECT, CLOSED = 1, 2, 16, 17, 18, 19
PINNED, REQUEST, RETURN, SENDER_PINNED = 1, 2, 4, 8
RETURNED_PORT = 0xC000000000000001
NOT_DELIVERED, HANDLER_NOT_BOUND = 0, 1
FORBIDDEN = 14
HOST_GONE = 69
CALLBACK = 0


# ---- values


def varint(number):
    out = b""
    while number > 0x7F:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def read_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return number, at


def string(text):
    data = text.encode()
    return varint(len(data)) + data


def u64(number):
    return struct.pack(">Q", number)


def address(text):
    assert text.startswith("unix:")
    return b"\x01" + string(text[len("unix:"):])


def proc_id(text):
    where, name = text.split(",", 1)
    return address(where) + string(name)


def actor_id(text):
    proc, rest = text.rsplit(",", 1)
    name, pid = rest.rstrip("]").split("[")
    return proc_id(proc) + string(name) + varint(int(pid))


# ---- types


def type_hash(signature):
    value = 0xCBF29CE484222325
    for byte in signature.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def handler_port(hash_of_type):
    return 1 << 63 | hash_of_type >> 2


ECHO = type_hash("EchoMessage(OncePortRef<ActorId>)")
ACTOR_ID = type_hash("ActorId")
REASONS = (
    "ACTOR_NOT_EXIST,HANDLER_NOT_BOUND,ACTOR_STOPPED,ACTOR_FAILED,ACTOR_RESTARTED,"
    "PORT_NEVER_ALLOCATED,PROTOCOL_MISMATCH,PORT_GONE,CHANNEL_CLOSED,ACK_TIMED_OUT,DIAL_FAILED,"
    "NO_ROUTE,FRAME_TOO_LARGE,QUEUE_FULL,LINK_UNAVAILABLE,UNENCODABLE,EXPIRED,"
    "REFUSED,FORBIDDEN,PROC_DIED"
)
RETURNED = type_hash(
    "Returned(Outcome[NOT_DELIVERED,UNKNOWN],List<DeliveryFailure(Reason[" + REASONS + "],String)>,byte[])"
)


# ---- channel


def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data


def read_frame(connection):
    (length,) = struct.unpack(">I", exactly(connection, 4))
    return exactly(connection, length)


class Dialled:
    """The sending end of a channel. Keeps no copies, so it cannot say what was lost with it."""

    def __init__(self, text, secret):
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(text[len("unix:"):])
        self.sequence = 0
        self.lock = threading.Lock()
        limits = (16 << 20, 16 << 20, 65536)
        hello = struct.pack(">BBIQIII", 1, 40, 0, secrets.randbits(64), *limits)
        self.connection.sendall(b"HYPR" + hello + secret)

    def send(self, body):
        with self.lock:
            self.sequence += 1
            self.connection.sendall(struct.pack(">IBQ", 9 + len(body), DATA, self.sequence) + body)

    def await_acknowledgement(self):
        self.connection.sendall(struct.pack(">IB", 1, ACK_NOW))
        while True:
            frame = read_frame(self.connection)
            if frame[0] == ACK and frame[1:] == u64(self.sequence):
                return
            if frame[0] in (REJECT, CLOSED):
                raise IOError(f"refused: {frame!r}")

    def drop_answers(self):
        while self.connection.recv(4096):
            pass


def serve(connection, secret):
    hello = exactly(connection, 6)
    assert hello[:5] == b"HYPR\x01"
    shown = exactly(connection, hello[5])[24:40]
    if not secrets.compare_digest(shown, secret):
        connection.sendall(struct.pack(">IBH", 3, REJECT, FORBIDDEN))
        connection.close()
        return
    connection.sendall(struct.pack(">IBBII", 10, ACCEPT, 1, 0, 16 << 20))
    accepted = 0
    while True:
        frame = read_frame(connection)
        if frame[0] == DATA:
            (accepted,) = struct.unpack(">Q", frame[1:9])
            arrived(frame[9:])
        connection.sendall(struct.pack(">IBQ", 9, ACK, accepted))


# ---- envelopes


def envelope(flags, port, hash_of_type, incarnation, destination, sender, payload):
    out = struct.pack(">BBHQQ", 1, 63, flags, port, hash_of_type)
    if flags & PINNED:
        out += u64(incarnation)
    for text in (destination.encode(), sender.encode()):
        out += struct.pack(">H", len(text)) + text
    return out + payload


def arrived(data):
    version, _, flags, port, hash_of_type = struct.unpack(">BBHQQ", data[:20])
    assert version == 1
    at = 20 + 8 * bool(flags & PINNED) + 8 * bool(flags & REQUEST)
    sender_incarnation = 0
    if flags & SENDER_PINNED:
        (sender_incarnation,) = struct.unpack(">Q", data[at:at + 8])
        at += 8
    texts = []
    for _ in range(2):
        (length,) = struct.unpack(">H", data[at:at + 2])
        texts.append(data[at + 2:at + 2 + length].decode())
        at += 2 + length
    here, sender = texts
    if port == handler_port(ECHO) and hash_of_type == ECHO:
        length, at = read_varint(data, at)
        owner = data[at:at + length].decode()
        incarnation, index = struct.unpack(">QQ", data[at + length:at + length + 16])
        pinned = PINNED if incarnation else 0
        reply = envelope(pinned, index, ACTOR_ID, incarnation, owner, here, actor_id(here))
        backend.send(reply)
    elif not flags & RETURN:
        failure = varint(HANDLER_NOT_BOUND) + string(here + " handles EchoMessage")
        returned = varint(NOT_DELIVERED) + varint(1) + failure + varint(len(data)) + data
        pinned = PINNED if sender_incarnation else 0
        news = (RETURN | pinned, RETURNED_PORT, RETURNED, sender_incarnation)
        backend.send(envelope(*news, sender, here, returned))


# ---- boot


def end_with_the_host(pipe):
    while pipe.read(1):
        pass
    os._exit(HOST_GONE)


control = os.fdopen(int(os.environ["HYPERACTOR_CONTROL_FD"]), "rb", 0)
line = b""
while not line.endswith(b"\n"):
    line += control.read(1)
secret = bytes.fromhex(line.decode())
threading.Thread(target=end_with_the_host, args=(control,), daemon=True).start()

me = os.environ["HYPERACTOR_HOST_PROC_ID"]
backend_address = os.environ["HYPERACTOR_HOST_BACKEND_ADDR"]
backend = Dialled(backend_address, secret)
threading.Thread(target=backend.drop_answers, daemon=True).start()

path = os.path.join(os.path.dirname(backend_address[len("unix:"):]), secrets.token_hex(6))
os.umask(0o177)
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen(64)

callback = Dialled(os.environ["HYPERACTOR_HOST_CALLBACK_ADDR"], secret)
callback.send(
    varint(CALLBACK)
    + proc_id(me)
    + address("unix:" + path)
    + actor_id(me + ",agent[0]")
    + u64(ECHO)
    + u64(0)
)
callback.await_acknowledgement()
callback.connection.close()

while True:
    accepted_connection, _ = server.accept()
    threading.Thread(target=serve, args=(accepted_connection, secret), daemon=True).start()
