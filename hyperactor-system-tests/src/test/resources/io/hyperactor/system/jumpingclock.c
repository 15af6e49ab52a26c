/*
 * Preloaded into a process: its wall clock is an hour fast or slow, by turns, ten times a second. Clocks that only go
 * forward are left alone.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

enum { HOUR = 3600 };

static int (*next(void))(clockid_t, struct timespec *) {
    static int (*found)(clockid_t, struct timespec *);
    if (!found) found = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    return found;
}

static time_t jump(void) {
    struct timespec now;
    next()(CLOCK_MONOTONIC, &now);
    return now.tv_nsec / 100000000 % 2 ? HOUR : -HOUR;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = next()(clock, time);
    if (!result && clock == CLOCK_REALTIME) time->tv_sec += jump();
    return result;
}

int gettimeofday(struct timeval *time, void *zone) {
    (void)zone;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}
