/* A file layer that fails, and a clock that steps: to be put before libc by LD_PRELOAD.

   FAILING_FILES="call part what which;…" has, in each rule:

     call   open, write, pwrite, read, fsync, ftruncate, close (fsync stands for fdatasync, pwrite for pwrite64 …)
     part   what the file's path contains
     what   the name of an error (EIO, ENOSPC, …), or short:N: only N bytes are written, all but -N where N < 0
     which  FROM-TO: these of the calls that the rule is about, counted from 1; or PERCENT%SEED: at random, so many in a hundred

   STEPPING_CLOCK="N:SECONDS,…": from the N-th look at CLOCK_REALTIME on, the clock shows so many seconds more.

   FAILING_FILES_LOG names a file that gets one line for each failure. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { RULES = 16, STEPS = 16 };

static struct rule {
    char call[16], part[200];
    int error;
    long shorter;
    int is_short;
    long from, to;
    int percent;
    unsigned seed;
    long seen;
} rules[RULES];
static int rule_count;
static struct { long from, seconds; } steps[STEPS];
static int step_count;
static long looks;
static char log_path[512];

static int number_of(const char *name) {
    static const struct { const char *name; int number; } known[] = {
        {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS}, {"ESTALE", ESTALE},
        {"EMFILE", EMFILE}, {"EACCES", EACCES}, {"EINTR", EINTR}, {"EAGAIN", EAGAIN},
    };
    for (size_t at = 0; at < sizeof known / sizeof *known; at++)
        if (!strcmp(name, known[at].name)) return known[at].number;
    fprintf(stderr, "failing_files: no such error: %s\n", name);
    _exit(99);
}

__attribute__((constructor)) static void begin(void) {
    const char *plan = getenv("FAILING_FILES"), *clock = getenv("STEPPING_CLOCK"), *log = getenv("FAILING_FILES_LOG");
    if (log) snprintf(log_path, sizeof log_path, "%s", log);
    if (plan) {
        char *copy = strdup(plan), *rest = copy, *text;
        while ((text = strsep(&rest, ";")) && rule_count < RULES) {
            struct rule *rule = &rules[rule_count];
            char what[32], which[64];
            if (sscanf(text, " %15s %199s %31s %63s", rule->call, rule->part, what, which) != 4) continue;
            if (!strncmp(what, "short:", 6)) {
                rule->is_short = 1;
                rule->shorter = atol(what + 6);
            } else
                rule->error = number_of(what);
            if (strchr(which, '%')) {
                if (sscanf(which, "%d%%%u", &rule->percent, &rule->seed) != 2) continue;
            } else if (sscanf(which, "%ld-%ld", &rule->from, &rule->to) != 2)
                continue;
            rule_count++;
        }
        free(copy);
    }
    if (clock) {
        char *copy = strdup(clock), *rest = copy, *text;
        while ((text = strsep(&rest, ",")) && step_count < STEPS)
            if (sscanf(text, "%ld:%ld", &steps[step_count].from, &steps[step_count].seconds) == 2) step_count++;
        free(copy);
    }
}

static void say(const char *call, const char *path) {
    if (!*log_path) return;
    static int (*real_open)(const char *, int, ...);
    static ssize_t (*real_write)(int, const void *, size_t);
    if (!real_open) *(void **)&real_open = dlsym(RTLD_NEXT, "open");
    if (!real_write) *(void **)&real_write = dlsym(RTLD_NEXT, "write");
    char line[800];
    int length = snprintf(line, sizeof line, "%s %s\n", call, path), kept = errno;
    int fd = real_open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd >= 0) {
        if (real_write(fd, line, length) < 0) _exit(98);
        close(fd);
    }
    errno = kept;
}

/* The rule that makes this call fail; none: let it through. */
static struct rule *failing(const char *call, const char *path) {
    for (int at = 0; at < rule_count; at++) {
        struct rule *rule = &rules[at];
        if (strcmp(rule->call, call) || !strstr(path, rule->part)) continue;
        long number = __atomic_add_fetch(&rule->seen, 1, __ATOMIC_SEQ_CST);
        int chosen;
        if (rule->percent) {
            unsigned mixed = (rule->seed * 2654435761u) ^ ((unsigned)number * 2246822519u);
            mixed ^= mixed >> 15;
            mixed *= 2246822519u;
            mixed ^= mixed >> 13;
            chosen = (int)(mixed % 100) < rule->percent;
        } else
            chosen = number >= rule->from && number <= rule->to;
        if (chosen) {
            say(call, path);
            return rule;
        }
    }
    return NULL;
}

static const char *path_of(int fd, char *path, size_t size) {
    char name[64];
    int kept = errno;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, path, size - 1);
    path[length < 0 ? 0 : length] = 0;
    errno = kept;
    return path;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, name)

#define RULE_FOR(call, fd) \
    char path[512]; \
    struct rule *rule = rule_count ? failing(call, path_of(fd, path, sizeof path)) : NULL

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | __O_TMPFILE)) { \
            va_list more; \
            va_start(more, flags); \
            mode = va_arg(more, mode_t); \
            va_end(more); \
        } \
        struct rule *rule = rule_count ? failing("open", path) : NULL; \
        if (rule) { errno = rule->error; return -1; } \
        return real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

static size_t shortened(const struct rule *rule, size_t size) {
    long left = rule->shorter < 0 ? (long)size + rule->shorter : rule->shorter;
    return left < 0 ? 0 : left > (long)size ? size : (size_t)left;
}

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    RULE_FOR("write", fd);
    if (rule && !rule->is_short) { errno = rule->error; return -1; }
    return real(fd, bytes, rule ? shortened(rule, size) : size);
}

#define PWRITE(name, offset_type) \
    ssize_t name(int fd, const void *bytes, size_t size, offset_type at) { \
        REAL(ssize_t, #name, int, const void *, size_t, offset_type); \
        RULE_FOR("pwrite", fd); \
        if (rule && !rule->is_short) { errno = rule->error; return -1; } \
        return real(fd, bytes, rule ? shortened(rule, size) : size, at); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t read(int fd, void *bytes, size_t size) {
    REAL(ssize_t, "read", int, void *, size_t);
    RULE_FOR("read", fd);
    if (rule) { errno = rule->error; return -1; }
    return real(fd, bytes, size);
}

#define FAILS(name, call, ...) \
    RULE_FOR(call, fd); \
    if (rule) { errno = rule->error; return -1; } \
    return real(__VA_ARGS__);

int fsync(int fd) { REAL(int, "fsync", int); FAILS(fsync, "fsync", fd) }
int fdatasync(int fd) { REAL(int, "fdatasync", int); FAILS(fdatasync, "fsync", fd) }
int ftruncate(int fd, off_t size) { REAL(int, "ftruncate", int, off_t); FAILS(ftruncate, "ftruncate", fd, size) }
int ftruncate64(int fd, off64_t size) { REAL(int, "ftruncate64", int, off64_t); FAILS(ftruncate64, "ftruncate", fd, size) }

/* As a network file system does it: closed all the same. */
int close(int fd) {
    REAL(int, "close", int);
    RULE_FOR("close", fd);
    int answer = real(fd);
    if (rule) { errno = rule->error; return -1; }
    return answer;
}

int clock_gettime(clockid_t which, struct timespec *time) {
    REAL(int, "clock_gettime", clockid_t, struct timespec *);
    int answer = real(which, time);
    if (which == CLOCK_REALTIME && step_count) {
        long number = __atomic_add_fetch(&looks, 1, __ATOMIC_SEQ_CST), seconds = 0;
        for (int at = 0; at < step_count; at++)
            if (number >= steps[at].from) seconds = steps[at].seconds;
        time->tv_sec += seconds;
    }
    return answer;
}
