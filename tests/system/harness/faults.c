/* Faults of the system for a process under test, by LD_PRELOAD. What is to fail is read from a page that the test
   shares (FAULTS_PAGE names its file; harness/faults.py writes it); a page of zeros changes nothing. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { names_real, names_fail, names_hang, names_given };

/* The fields are FIELDS of faults.py, in order. */
struct page {
    _Atomic int64_t allocations;     /* seen since the test set it to zero */
    _Atomic int64_t first_to_fail;   /* of those, from 1; 0: none */
    _Atomic int64_t many_to_fail;    /* in a row */
    _Atomic int64_t wall_shift;      /* nanoseconds */
    _Atomic int64_t steady_shift;    /* nanoseconds, forwards */
    _Atomic int64_t names;           /* real, fail, hang, given */
    _Atomic int64_t given_address;   /* IPv4, host order */
    _Atomic int64_t lookups;         /* begun */
    _Atomic int64_t lookups_waiting; /* in a hang now */
    _Atomic int64_t accepts;         /* calls of accept4 */
    _Atomic int64_t write_error;     /* errno for files, and for their fsync */
    _Atomic int64_t one_in;          /* of so many allocations fails, by chance; 0: none */
    _Atomic int64_t seed;            /* of that chance */
    _Atomic int64_t impatience;      /* divides how long the kernel waits for a peer that says nothing */
    _Atomic int64_t keeps_hanging;   /* look-ups that hang do so whatever `names` is now */
    _Atomic int64_t sync_time;       /* nanoseconds that each fsync takes */
    _Atomic int64_t syncs;           /* begun */
    _Atomic int64_t lateness;        /* nanoseconds from the next thread's making to its first instruction */
    _Atomic int64_t stall;           /* nanoseconds that every thread but the first lacks when it is woken */
    _Atomic int64_t calls;           /* of the system that may fail for want of means, since set to zero */
    _Atomic int64_t first_refused;   /* of those, from 1; 0: none */
    _Atomic int64_t many_refused;    /* in a row */
    _Atomic int64_t never_locks;     /* each mlock fails */
    _Atomic int64_t hides_ends;      /* TCP_INQ counts bytes only, as gVisor's does */
    _Atomic int64_t no_inq;          /* TCP_INQ cannot be set */
    _Atomic int64_t early_options;   /* SO_REUSEPORT is what it was at bind, as gVisor's is */
    _Atomic int64_t second_address;  /* given too when not 0; IPv4, or 1 << 32 for ::1 */
};

static struct page nothing;
static struct page *page = &nothing;

__attribute__((constructor)) static void open_page(void) {
    const char *name = getenv("FAULTS_PAGE");
    const int fd = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) return;
    void *shared = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared != MAP_FAILED) page = shared;
    close(fd);
}

static void sleep_for(int64_t nanoseconds) {
    const struct timespec nap = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    if (nanoseconds > 0) nanosleep(&nap, NULL);
}

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

#ifndef ONLY_FILES /* the rest stands in a sanitizer's way */
/* Memory. glibc's own names are asked, because dlsym allocates. */

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

/* SplitMix64 of the seed and the allocation's number. */
static int is_unlucky(int64_t number) {
    const uint64_t one_in = (uint64_t)page->one_in;
    if (one_in == 0) return 0;
    uint64_t mixed = (uint64_t)page->seed + (uint64_t)number * 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111ebu;
    return (mixed ^ mixed >> 31) % one_in == 0;
}

static int has_no_memory(void) {
    const int64_t number = atomic_fetch_add(&page->allocations, 1) + 1;
    const int64_t first = page->first_to_fail;
    const int is_its_turn = first != 0 && number >= first && number < first + page->many_to_fail;
    if (!is_its_turn && !is_unlucky(number)) return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) { return has_no_memory() ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return has_no_memory() ? NULL : __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { return has_no_memory() ? NULL : __libc_realloc(old, size); }
void *aligned_alloc(size_t to, size_t size) { return has_no_memory() ? NULL : __libc_memalign(to, size); }

/* What the system gives. Each call that may find none of it counts. */

static int is_refused(int error) {
    const int64_t number = atomic_fetch_add(&page->calls, 1) + 1;
    const int64_t first = page->first_refused;
    if (first == 0 || number < first || number >= first + page->many_refused) return 0;
    errno = error;
    return 1;
}

#define REAL(type, name, ...) \
    static type (*next)(__VA_ARGS__); \
    if (!next) next = real(#name)

void *mmap64(void *at, size_t size, int may, int how, int fd, off64_t from) {
    REAL(void *, mmap64, void *, size_t, int, int, int, off64_t);
    return is_refused(ENOMEM) ? MAP_FAILED : next(at, size, may, how, fd, from);
}

void *mmap(void *at, size_t size, int may, int how, int fd, off_t from) {
    return mmap64(at, size, may, how, fd, from);
}

int mlock(const void *at, size_t size) {
    REAL(int, mlock, const void *, size_t);
    if (page->never_locks) errno = ENOMEM;
    return page->never_locks || is_refused(ENOMEM) ? -1 : next(at, size);
}

int mprotect(void *at, size_t size, int may) {
    REAL(int, mprotect, void *, size_t, int);
    return is_refused(ENOMEM) ? -1 : next(at, size, may);
}

int madvise(void *at, size_t size, int what) {
    REAL(int, madvise, void *, size_t, int);
    return is_refused(EAGAIN) ? -1 : next(at, size, what);
}

int eventfd(unsigned count, int how) {
    REAL(int, eventfd, unsigned, int);
    return is_refused(EMFILE) ? -1 : next(count, how);
}

int timerfd_create(clockid_t clock, int how) {
    REAL(int, timerfd_create, clockid_t, int);
    return is_refused(EMFILE) ? -1 : next(clock, how);
}

int epoll_create1(int how) {
    REAL(int, epoll_create1, int);
    return is_refused(EMFILE) ? -1 : next(how);
}

/* A change to what is registered takes no memory. */
int epoll_ctl(int set, int what, int fd, struct epoll_event *event) {
    REAL(int, epoll_ctl, int, int, int, struct epoll_event *);
    return what == EPOLL_CTL_ADD && is_refused(ENOMEM) ? -1 : next(set, what, fd, event);
}

int socket(int family, int type, int protocol) {
    REAL(int, socket, int, int, int);
    return is_refused(EMFILE) ? -1 : next(family, type, protocol);
}

ssize_t getrandom(void *to, size_t size, unsigned how) {
    REAL(ssize_t, getrandom, void *, size_t, unsigned);
    return is_refused(EINTR) ? -1 : next(to, size, how);
}

/* Clocks. */

static int64_t shift_of(clockid_t clock) {
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) return page->wall_shift;
    return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE ? page->steady_shift : 0;
}

static struct timespec shifted(struct timespec when, int64_t by) {
    const int64_t all = when.tv_sec * 1000000000LL + when.tv_nsec + by;
    return (struct timespec){all / 1000000000LL, all % 1000000000LL};
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*next)(clockid_t, struct timespec *);
    if (!next) next = real("clock_gettime");
    const int failed = next(clock, now);
    if (!failed) *now = shifted(*now, shift_of(clock));
    return failed;
}

time_t time(time_t *where) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (where) *where = now.tv_sec;
    return now.tv_sec;
}

/* The kernel's clock did not jump with ours. */
int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *held, clockid_t clock, const struct timespec *until) {
    static int (*next)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);
    if (!next) next = real("pthread_cond_clockwait");
    const struct timespec unshifted = shifted(*until, -shift_of(clock));
    return next(cond, held, clock, &unshifted);
}

/* Threads. */

struct late {
    void *(*run)(void *);
    void *with;
    int64_t by;
};

static void *run_late(void *given) {
    const struct late late = *(struct late *)given;
    free(given);
    sleep_for(late.by);
    return late.run(late.with);
}

int epoll_wait(int set, struct epoll_event *events, int most, int milliseconds) {
    static int (*next)(int, struct epoll_event *, int, int);
    if (!next) next = real("epoll_wait");
    const int ready = next(set, events, most, milliseconds);
    if (ready > 0 && gettid() != getpid()) sleep_for(page->stall);
    return ready;
}

int pthread_create(pthread_t *made, const pthread_attr_t *how, void *(*run)(void *), void *with) {
    static int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    if (!next) next = real("pthread_create");
    if (is_refused(EAGAIN)) return EAGAIN;
    const int64_t by = atomic_exchange(&page->lateness, 0);
    if (by == 0) return next(made, how, run, with);
    struct late *late = malloc(sizeof *late);
    if (!late) return EAGAIN;
    *late = (struct late){run, with, by};
    const int error = next(made, how, run_late, late);
    if (error) free(late);
    return error;
}

/* Names. */

static void hang(void) {
    const struct timespec nap = {0, 5000000};
    ++page->lookups_waiting;
    while (page->names == names_hang || page->keeps_hanging) nanosleep(&nap, NULL);
    --page->lookups_waiting;
}

static void write_address(char text[INET6_ADDRSTRLEN], int64_t address) {
    const uint32_t bits = (uint32_t)address;
    if (address >> 32) strcpy(text, "::1");
    else snprintf(text, INET6_ADDRSTRLEN, "%u.%u.%u.%u", bits >> 24, bits >> 16 & 255, bits >> 8 & 255, bits & 255);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    static int (*next)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    if (!next) next = real("getaddrinfo");
    ++page->lookups;
    const int is_hung = page->names == names_hang;
    if (is_hung) hang();
    if (page->names == names_fail || (is_hung && page->names != names_given)) return EAI_AGAIN;
    if (page->names != names_given) return next(node, service, hints, found);
    char text[INET6_ADDRSTRLEN];
    write_address(text, page->given_address);
    const int error = next(text, service, hints, found);
    if (error || page->second_address == 0) return error;
    write_address(text, page->second_address);
    return next(text, service, hints, &(*found)->ai_next);
}

/* Descriptors. */

int accept4(int fd, struct sockaddr *peer, socklen_t *size, int flags) {
    static int (*next)(int, struct sockaddr *, socklen_t *, int);
    if (!next) next = real("accept4");
    ++page->accepts;
    if (is_refused(ENFILE)) return -1;
    return next(fd, peer, size, flags);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t size) {
    static int (*next)(int, int, int, const void *, socklen_t);
    if (!next) next = real("setsockopt");
    if (level == IPPROTO_TCP && name == TCP_INQ && page->no_inq) {
        errno = ENOPROTOOPT;
        return -1;
    }
    struct sockaddr_in bound = {0};
    socklen_t room = sizeof bound;
    if (level == SOL_SOCKET && name == SO_REUSEPORT && page->early_options &&
        getsockname(fd, (struct sockaddr *)&bound, &room) == 0 && bound.sin_port != 0)
        return 0;
    const int is_patience = level == IPPROTO_TCP && (name == TCP_USER_TIMEOUT || name == TCP_KEEPIDLE ||
                                                     name == TCP_KEEPINTVL);
    const int by = (int)page->impatience;
    if (!is_patience || by == 0) return next(fd, level, name, value, size);
    const int shorter = *(const int *)value / by > 0 ? *(const int *)value / by : 1;
    return next(fd, level, name, &shorter, sizeof shorter);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
    REAL(ssize_t, recvmsg, int, struct msghdr *, int);
    const ssize_t count = next(fd, message, flags);
    struct cmsghdr *note = count > 0 && page->hides_ends ? CMSG_FIRSTHDR(message) : NULL;
    if (!note || note->cmsg_level != IPPROTO_TCP || note->cmsg_type != TCP_CM_INQ) return count;
    int left = 0;
    ioctl(fd, FIONREAD, &left); /* bytes only */
    memcpy(CMSG_DATA(note), &left, sizeof left);
    return count;
}

#endif

/* Files. Standard output and error are pipes and logs, and stay. */
static int has_no_disk(int fd) {
    if (page->write_error == 0 || fd <= 2) return 0;
    errno = (int)page->write_error;
    return 1;
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at) {
    static ssize_t (*next)(int, const void *, size_t, off64_t);
    if (!next) next = real("pwrite64");
    return has_no_disk(fd) ? -1 : next(fd, from, size, at);
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at) { return pwrite64(fd, from, size, at); }

int fsync(int fd) {
    static int (*next)(int);
    if (!next) next = real("fsync");
    ++page->syncs;
    sleep_for(page->sync_time);
    return has_no_disk(fd) ? -1 : next(fd);
}

int fdatasync(int fd) { return fsync(fd); }
