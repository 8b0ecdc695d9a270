/* Counts the calls that change files under HSM_FAULT_DIR, over all threads, and at the n-th (HSM_FAULT_AT) kills
 * the process, or lets the call fail with HSM_FAULT_ERRNO: that one, or with HSM_FAULT_FROM all from it on.
 * The number of calls goes to the file HSM_FAULT_COUNT when the process ends. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_int calls;
static const char *dir;
static int at, error, from;

__attribute__((constructor)) static void begin(void) {
  dir = getenv("HSM_FAULT_DIR");
  const char *text = getenv("HSM_FAULT_AT");
  at = text ? atoi(text) : 0;
  text = getenv("HSM_FAULT_ERRNO");
  error = text ? atoi(text) : 0;
  from = getenv("HSM_FAULT_FROM") != NULL;
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("HSM_FAULT_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%d", atomic_load(&calls));
  fclose(file);
}

/* Whether the call is to fail. */
static int fault(const char *path) {
  if (!dir || !path || strncmp(path, dir, strlen(dir)) != 0) return 0;
  int call = atomic_fetch_add(&calls, 1) + 1;
  if (!at || call < at || (call > at && !from)) return 0;
  if (!error) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
  }
  errno = error;
  return 1;
}

static int fault_fd(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fault(path);
}

#define WRAP(result, name, parameters, arguments, check)              \
  result name parameters {                                            \
    static result(*real) parameters;                                  \
    if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);  \
    if (check) return -1;                                             \
    return real arguments;                                            \
  }

/* A file system without locks: HSM_FAULT_FLOCK is what flock fails with. */
int flock(int fd, int operation) {
  static int (*real)(int, int);
  const char *text = getenv("HSM_FAULT_FLOCK");
  if (text) {
    errno = atoi(text);
    return -1;
  }
  if (!real) real = (int (*)(int, int))dlsym(RTLD_NEXT, "flock");
  return real(fd, operation);
}

WRAP(int, rename, (const char *a, const char *b), (a, b), fault(b))
WRAP(int, renameat, (int x, const char *a, int y, const char *b), (x, a, y, b), fault(b))
WRAP(int, link, (const char *a, const char *b), (a, b), fault(b))
WRAP(int, linkat, (int x, const char *a, int y, const char *b, int f), (x, a, y, b, f), fault(b))
WRAP(int, unlink, (const char *a), (a), fault(a))
WRAP(int, unlinkat, (int x, const char *a, int f), (x, a, f), fault(a))
WRAP(int, rmdir, (const char *a), (a), fault(a))
WRAP(int, mkdir, (const char *a, mode_t m), (a, m), fault(a))
WRAP(int, chmod, (const char *a, mode_t m), (a, m), fault(a))
WRAP(int, fchmod, (int fd, mode_t m), (fd, m), fault_fd(fd))
WRAP(int, fchmodat, (int x, const char *a, mode_t m, int f), (x, a, m, f), fault(a))
WRAP(int, chown, (const char *a, uid_t u, gid_t g), (a, u, g), fault(a))
WRAP(int, fsync, (int fd), (fd), fault_fd(fd))
WRAP(int, fdatasync, (int fd), (fd), fault_fd(fd))
WRAP(int, ftruncate, (int fd, off_t n), (fd, n), fault_fd(fd))
WRAP(int, ftruncate64, (int fd, off64_t n), (fd, n), fault_fd(fd))
WRAP(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n), fault_fd(fd))
WRAP(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o), fault_fd(fd))
