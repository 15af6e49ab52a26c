// What the kernel alone costs: reads and writes over Unix sockets, no runtime.
//   raw echo SIZE     this process and another one that echoes; reads block
//   raw poll SIZE     the same, but nobody ever sleeps: each looks again and again
//   raw relay SIZE    this process, one that relays, one that echoes
//   raw kill PID      prints the wall clock in nanoseconds, then sends SIGKILL; no rounds
// Reads "round N" and prints what N round trips took, as io.hyperactor.bench.Worker says.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long size;
static char *buffer;
static int receive_flags;

static void fail(const char *what) {
    perror(what);
    _exit(1);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static int kill_and_tell(pid_t victim) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (kill(victim, SIGKILL) < 0) fail("kill");
    printf("%lld", t.tv_sec * 1000000000LL + t.tv_nsec);
    return 0;
}

static void receive(int from) {
    for (long got = 0; got < size;) {
        long n = recv(from, buffer + got, size - got, receive_flags);
        if (n == 0) _exit(0);
        if (n < 0 && errno == EAGAIN) continue;
        if (n < 0) fail("recv");
        got += n;
    }
}

static void transmit(int to) {
    for (long sent = 0; sent < size;) {
        long n = write(to, buffer + sent, size - sent);
        if (n < 0) fail("write");
        sent += n;
    }
}

static void pair(int ends[2]) {
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0) fail("socketpair");
}

// A child that takes a message from one socket, sends it to the other one, and so on.
static void pass(int in, int out, int back_in, int back_out) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        receive(in);
        transmit(out);
        if (back_in >= 0) {
            receive(back_in);
            transmit(back_out);
        }
    }
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void measure(int peer, long count) {
    double *took = malloc(count * sizeof *took);
    if (!took) fail("malloc");
    for (long i = 0; i < count; i++) {
        double start = now();
        transmit(peer);
        receive(peer);
        took[i] = now() - start;
    }
    qsort(took, count, sizeof *took, compare);
    printf("bench p50=%.1f p99=%.1f p999=%.1f max=%.1f\n",
           took[(count - 1) / 2], took[(count * 99 + 99) / 100 - 1], took[(count * 999 + 999) / 1000 - 1],
           took[count - 1]);
    free(took);
}

int main(int count, char **arguments) {
    if (count != 3 || (size = atol(arguments[2])) < 1) {
        fprintf(stderr, "raw echo|poll|relay|kill NUMBER\n");
        return 2;
    }
    if (!strcmp(arguments[1], "kill")) return kill_and_tell(size);
    int relays = !strcmp(arguments[1], "relay");
    if (!strcmp(arguments[1], "poll")) receive_flags = MSG_DONTWAIT;
    buffer = calloc(1, size);
    int first[2], second[2];
    pair(first);
    pair(second);
    if (fork() == 0) {
        if (relays) pass(first[1], second[0], second[0], first[1]);
        pass(first[1], first[1], -1, -1);
    }
    if (relays && fork() == 0) pass(second[1], second[1], -1, -1);
    close(first[1]);
    printf("bench ready\n");
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        measure(first[0], atol(line + strlen("round ")));
        fflush(stdout);
    }
    return 0;
}
