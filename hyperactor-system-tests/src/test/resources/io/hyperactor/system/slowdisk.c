/*
 * Preloaded into a process: what it writes into a file under $SLOW_FOLDER takes 50 ms more, as long as $SLOW_WHILE
 * exists. It stands for a slow disk, and delays nothing else.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DELAY_MICROS = 50000 };

static int is_slow(int fd) {
    const char *folder = getenv("SLOW_FOLDER"), *signal = getenv("SLOW_WHILE");
    char link[32], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return folder && signal && !strncmp(path, folder, strlen(folder)) && !access(signal, F_OK);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    static ssize_t (*next)(int, const void *, size_t);
    if (!next) next = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    if (is_slow(fd)) usleep(DELAY_MICROS);
    return next(fd, bytes, count);
}
