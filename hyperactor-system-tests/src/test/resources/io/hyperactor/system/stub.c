/*
 * A child process for tests: speaks the protocol of docs/wire-format.md, section 7, well or badly.
 * It costs about a millisecond to start, so that thousands can be.
 *
 * The name of its proc says what it does: the part before the last dot, numbers behind the last dash.
 *
 * Its agent never answers. The hash of the agent's protocol is the first argument.
 *
 *   ready               calls back and serves
 *   ready-deaf          the same, and ignores SIGTERM
 *   ready-exits-N       the same, and exits with N at SIGUSR1
 *   ready-signal-N      the same, and sends itself the signal N at SIGUSR1
 *   ready-family        the same, with a child of its own in its process group
 *   flash-exits-N       calls back and exits with N at once
 *   flash-signal-N      calls back and sends itself the signal N at once
 *   exits-N, signal-N   without calling back
 *   mute                never calls back
 *   babble-N            prints N MiB of junk on its two outputs, calls back, and prints 15 N MiB more
 *   chatter             calls back and serves, and prints about 1 MiB a second
 *   impostors           before and after it calls back, other processes try to in its place
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DATA = 1, ACK_NOW = 2, ACCEPT = 16, ACK = 17, REJECT = 18 };
enum { HOST_GONE = 69, BROKEN = 70, LINKS_MAX = 64 };

static uint64_t protocol;

static void fail(const char *what) {
    fprintf(stderr, "stub: %s: %s\n", what, strerror(errno));
    exit(BROKEN);
}

/* ---- what the host said */

static int control;
static char secret[4097];
static char host[108], proc[64], backend[108], callback[108];

static void copy(char *to, size_t room, const char *from, size_t length) {
    if (length >= room) fail("too long");
    memcpy(to, from, length);
    to[length] = 0;
}

static const char *variable(const char *name) {
    const char *value = getenv(name);
    if (!value) fail(name);
    return value;
}

static void path_of(char *to, const char *address) {
    if (strncmp(address, "unix:", 5)) fail(address);
    copy(to, 108, address + 5, strcspn(address + 5, ","));
}

static void learn(void) {
    const char *id = variable("HYPERACTOR_HOST_PROC_ID");
    path_of(host, id);
    const char *name = strchr(id, ',') + 1;
    copy(proc, sizeof proc, name, strlen(name));
    path_of(backend, variable("HYPERACTOR_HOST_BACKEND_ADDR"));
    path_of(callback, variable("HYPERACTOR_HOST_CALLBACK_ADDR"));
    control = atoi(variable("HYPERACTOR_CONTROL_FD"));
    size_t length = 0;
    while (length < sizeof secret - 1 && read(control, secret + length, 1) == 1 && secret[length] != '\n') length++;
    secret[length] = 0;
}

/* ---- bytes */

typedef struct {
    unsigned char bytes[4096];
    size_t length;
} Buffer;

static void put(Buffer *out, const void *bytes, size_t length) {
    if (out->length + length > sizeof out->bytes) fail("too long");
    memcpy(out->bytes + out->length, bytes, length);
    out->length += length;
}

static void number(Buffer *out, uint64_t value, int size) {
    for (int i = size - 1; i >= 0; i--) {
        unsigned char byte = value >> (8 * i);
        put(out, &byte, 1);
    }
}

static void text(Buffer *out, const char *value) {
    size_t length = strlen(value);
    for (size_t rest = length; ; rest >>= 7) {
        number(out, (rest & 0x7f) | (rest > 0x7f ? 0x80 : 0), 1);
        if (rest <= 0x7f) break;
    }
    put(out, value, length);
}

static void proc_id(Buffer *out, const char *name) {
    number(out, 1, 1);
    text(out, host);
    text(out, name);
}

static void write_all(int to, const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t written = write(to, at, length);
        if (written < 0 && errno != EINTR) fail("write");
        if (written > 0) at += written, length -= written;
    }
}

static void read_all(int from, void *bytes, size_t length) {
    char *at = bytes;
    while (length > 0) {
        ssize_t count = read(from, at, length);
        if (count == 0) errno = 0, fail("hung up on without a word");
        if (count < 0 && errno != EINTR) fail("read");
        if (count > 0) at += count, length -= count;
    }
}

/* ---- the callback */

static struct sockaddr_un unix_address(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    copy(address.sun_path, sizeof address.sun_path, path, strlen(path));
    return address;
}

/* Of two hexadecimal digits each. */
static void bytes_of(Buffer *out, const char *digits) {
    for (unsigned byte; sscanf(digits, "%2x", &byte) == 1; digits += 2) number(out, byte, 1);
}

/* Reports once, and waits until that was taken. 0 if the host does not let it in. */
static int report(const char *shown, const char *name, const char *served) {
    int link = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un to = unix_address(callback);
    if (connect(link, (struct sockaddr *)&to, sizeof to)) fail("connect");

    Buffer body = {.length = 0};
    number(&body, 0, 1); /* the tag of a callback */
    proc_id(&body, name);
    number(&body, 1, 1);
    text(&body, served);
    proc_id(&body, name);
    text(&body, "agent");
    number(&body, 0, 1);
    number(&body, protocol, 8);
    number(&body, 0, 8);

    Buffer out = {.length = 0};
    put(&out, "HYPR\1\50", 6);
    number(&out, 0, 4);
    number(&out, getpid(), 8);
    number(&out, 16 << 20, 4);
    number(&out, 16 << 20, 4);
    number(&out, 65536, 4);
    bytes_of(&out, shown);
    number(&out, 9 + body.length, 4);
    number(&out, DATA, 1);
    number(&out, 1, 8);
    put(&out, body.bytes, body.length);
    number(&out, 1, 4);
    number(&out, ACK_NOW, 1);
    write_all(link, out.bytes, out.length);

    for (;;) {
        unsigned char head[5], rest[1024];
        read_all(link, head, 5);
        size_t length = ((size_t)head[2] << 8 | head[3]) - 1;
        if (length > sizeof rest) fail("too long");
        read_all(link, rest, length);
        if (head[4] == ACK && rest[7] == 1) break;
        if (head[4] == REJECT) {
            if (length > 2) fprintf(stderr, "stub: rejected: %.*s\n", (int)length - 2, rest + 2);
            close(link);
            return 0;
        }
    }
    close(link);
    return 1;
}

/* ---- serving: accepts what arrives, and acknowledges it */

typedef struct {
    int fd, greeted;
    unsigned char head[6 + 255];
    size_t have;
    uint64_t skip, accepted;
} Link;

static int listening;
static char served[108];

static void serve(void) {
    char directory[108];
    copy(directory, sizeof directory, backend, strlen(backend));
    snprintf(served, sizeof served, "%.90s/stub%08d", dirname(directory), getpid());
    umask(0177);
    unlink(served);
    listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un here = unix_address(served);
    if (bind(listening, (struct sockaddr *)&here, sizeof here) || listen(listening, 64)) fail(served);
}

static void answer(Link *link, int kind, uint64_t value) {
    Buffer out = {.length = 0};
    if (kind == ACCEPT) {
        number(&out, 10, 4), number(&out, ACCEPT, 1), number(&out, 1, 1), number(&out, 0, 4);
        number(&out, value, 4);
    } else {
        number(&out, 9, 4), number(&out, ACK, 1), number(&out, value, 8);
    }
    if (write(link->fd, out.bytes, out.length) < 0 && errno != EPIPE && errno != ECONNRESET) fail("write");
}

/* Some bytes of a link. The body of a frame is not looked at. 0 when the link has ended. */
static int arrived(Link *link) {
    unsigned char junk[65536];
    if (link->skip > 0) {
        size_t want = link->skip < sizeof junk ? link->skip : sizeof junk;
        ssize_t count = read(link->fd, junk, want);
        if (count <= 0) return 0;
        link->skip -= count;
        if (link->skip == 0) answer(link, ACK, link->accepted);
        return 1;
    }
    size_t want = !link->greeted ? link->have < 6 ? 6 : 6 + link->head[5] : link->have < 5 ? 5 : link->head[4] == DATA ? 13 : 5;
    ssize_t count = read(link->fd, link->head + link->have, want - link->have);
    if (count <= 0) return 0;
    link->have += count;
    if (link->have < want || (link->greeted && want == 5 && link->head[4] == DATA)) return 1;
    if (!link->greeted && want == 6) return 1;
    if (!link->greeted) {
        link->greeted = 1;
        answer(link, ACCEPT, 16 << 20);
    } else if (link->head[4] == DATA) {
        uint64_t length = 0;
        link->accepted = 0;
        for (int i = 0; i < 4; i++) length = length << 8 | link->head[i];
        for (int i = 5; i < 13; i++) link->accepted = link->accepted << 8 | link->head[i];
        link->skip = length - 9;
        if (link->skip == 0) answer(link, ACK, link->accepted);
    } else {
        answer(link, ACK, link->accepted);
    }
    link->have = 0;
    return 1;
}

static int chats;

static void chat(void) {
    char line[128];
    memset(line, '.', sizeof line);
    line[sizeof line - 1] = '\n';
    for (int i = 0; i < 8; i++) write_all(1, line, sizeof line);
}

static void run(void) {
    static Link links[LINKS_MAX];
    struct pollfd polled[LINKS_MAX + 2];
    int count = 0;
    for (;;) {
        polled[0] = (struct pollfd){control, POLLIN, 0};
        polled[1] = (struct pollfd){count < LINKS_MAX ? listening : -1, POLLIN, 0};
        for (int i = 0; i < count; i++) polled[i + 2] = (struct pollfd){links[i].fd, POLLIN, 0};
        if (chats) chat();
        if (poll(polled, count + 2, chats ? 1 : -1) < 0) continue;
        if (polled[0].revents) {
            char said[64];
            if (read(control, said, sizeof said) <= 0) {
                unlink(served);
                _exit(HOST_GONE);
            }
        }
        for (int i = count - 1; i >= 0; i--) {
            if (polled[i + 2].revents && !arrived(&links[i])) {
                close(links[i].fd);
                links[i] = links[--count];
            }
        }
        if (polled[1].revents) {
            int fd = accept4(listening, 0, 0, SOCK_CLOEXEC);
            if (fd >= 0) links[count++] = (Link){.fd = fd};
        }
    }
}

/* ---- misbehaviour */

static void die_by(int which) {
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    kill(getpid(), which);
    pause();
}

static int exit_at_usr1, signal_at_usr1;

static void usr1(int signal) {
    (void)signal;
    if (signal_at_usr1) die_by(signal_at_usr1);
    _exit(exit_at_usr1);
}

static void babble(long mebibytes) {
    static char junk[1 << 16];
    const char *fake = "\nready\nHYPERACTOR ready 1\n\033[2J\033[31m";
    srand(7);
    for (size_t i = 0; i < sizeof junk; i++) junk[i] = rand() % 64 ? rand() : 0;
    for (size_t i = 0; i < sizeof junk; i++) if (junk[i] == '\n' && i % 3) junk[i] = 0;
    memcpy(junk + 1000, fake, strlen(fake));
    for (long i = 0; i < mebibytes * 8; i++) {
        write_all(1, junk, sizeof junk);
        write_all(2, junk, sizeof junk);
    }
}

/* Another process: the right name and a wrong secret; the right secret and another's name; no secret. */
static pid_t impostor(const char *wrong_address) {
    pid_t pid = fork();
    if (pid == 0) {
        close(listening);
        report("00112233445566778899aabbccddeeff", proc, wrong_address);
        report(secret, "somebody-else", wrong_address);
        report("00000000000000000000000000000000", proc, wrong_address);
        _exit(0);
    }
    return pid;
}

static long number_behind(const char *prefix) {
    return strncmp(proc, prefix, strlen(prefix)) ? -1 : atol(proc + strlen(prefix));
}

static int is(const char *behaviour) {
    return !strncmp(proc, behaviour, strlen(behaviour)) && strchr(".", proc[strlen(behaviour)]);
}

int main(int count, char **arguments) {
    protocol = count > 1 ? strtoull(arguments[1], 0, 16) : 0;
    learn();
    long n;
    if ((n = number_behind("exits-")) >= 0) exit(n);
    if ((n = number_behind("signal-")) >= 0) die_by(n);
    if (is("mute")) for (;;) pause();
    if ((n = number_behind("babble-")) >= 0) babble(n);
    if (is("ready-deaf")) signal(SIGTERM, SIG_IGN);
    if ((n = number_behind("ready-exits-")) >= 0) exit_at_usr1 = n, signal(SIGUSR1, usr1);
    if ((n = number_behind("ready-signal-")) >= 0) signal_at_usr1 = n, signal(SIGUSR1, usr1);
    if (is("ready-family") && fork() == 0) for (;;) pause();
    chats = is("chatter");
    signal(SIGPIPE, SIG_IGN);
    serve();
    if (is("impostors")) {
        char elsewhere[120];
        snprintf(elsewhere, sizeof elsewhere, "%s.x", served);
        pid_t before = impostor(elsewhere); /* races with the genuine callback */
        if (!report(secret, proc, served)) fail("not let in");
        waitpid(before, 0, 0);
        pid_t after = impostor(elsewhere);
        report(secret, proc, elsewhere); /* a second time */
        waitpid(after, 0, 0);
    } else if (!report(secret, proc, served)) {
        fail("not let in");
    }
    if ((n = number_behind("flash-exits-")) >= 0) _exit(n);
    if ((n = number_behind("flash-signal-")) >= 0) die_by(n);
    if ((n = number_behind("babble-")) >= 0) babble(15 * n);
    run();
}
