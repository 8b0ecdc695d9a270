/* Counts the calls that change files under HSM_FAULT_DIR, and the programs started, over all threads, and at the n-th
 * (HSM_FAULT_AT) kills the process, or lets the call fail with HSM_FAULT_ERRNO: that one, or with HSM_FAULT_FROM all
 * from it on. A kill at the start of a program comes when that one runs; with HSM_FAULT_GROUP after so many
 * milliseconds, and to the whole process group.
 * Each call is a line in HSM_FAULT_LOG: what it is, and the path. Programs that the process starts are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int calls;
static const char *dir, *locks;
static int at, error, from, group, log_fd = -1;

static int number(const char *name) {
  const char *text = getenv(name);
  return text ? atoi(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
  /* Copies: what getenv returns may go when the environment changes. */
  dir = getenv("HSM_FAULT_DIR") ? strdup(getenv("HSM_FAULT_DIR")) : NULL;
  locks = getenv("HSM_FAULT_FLOCK") ? strdup(getenv("HSM_FAULT_FLOCK")) : NULL;
  at = number("HSM_FAULT_AT");
  error = number("HSM_FAULT_ERRNO");
  group = number("HSM_FAULT_GROUP");
  from = getenv("HSM_FAULT_FROM") != NULL;
  const char *path = getenv("HSM_FAULT_LOG");
  if (path) log_fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  unsetenv("LD_PRELOAD");
}

/* Counts a call: whether the fault is due. */
static int due(const char *name, const char *path) {
  int call = atomic_fetch_add(&calls, 1) + 1;
  if (log_fd >= 0) dprintf(log_fd, "%s %s\n", name, path);
  return at && (call == at || (call > at && from));
}

static void die(void) {
  if (group) usleep(group * 1000);
  kill(group ? 0 : getpid(), SIGKILL);
  for (;;) pause();
}

/* Whether the call is to fail. */
static int fault(const char *name, const char *path) {
  if (!dir || !path || strncmp(path, dir, strlen(dir)) != 0 || !due(name, path)) return 0;
  if (!error) die();
  errno = error;
  return 1;
}

static int fault_fd(const char *name, int fd) {
  char link[64], path[4096];
  if (!dir) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fault(name, path);
}

/* A path below an open folder. */
static int fault_at(const char *name, int fd, const char *path) {
  char link[64], whole[8192];
  if (!dir || !path || fd == AT_FDCWD || path[0] == '/') return fault(name, path);
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, whole, 4096);
  if (length < 0) return 0;
  snprintf(whole + length, sizeof whole - length, "/%s", path);
  return fault(name, whole);
}

#define REAL(result, name, parameters)     \
  static result(*real) parameters;         \
  if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);

#define WRAP(result, name, parameters, arguments, check) \
  result name parameters {                               \
    REAL(result, name, parameters)                       \
    if (check) return -1;                                \
    return real arguments;                               \
  }

/* What opens a file for writing may create it or cut it to nothing. */
#define WRITES(flags) ((flags) & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC))

#define OPEN(name, parameters, arguments, check) \
  int name parameters {                          \
    REAL(int, name, parameters)                  \
    va_list list;                                \
    va_start(list, flags);                       \
    mode_t mode = va_arg(list, mode_t);          \
    va_end(list);                                \
    if (WRITES(flags) && check) return -1;       \
    return real arguments;                       \
  }

OPEN(open, (const char *a, int flags, ...), (a, flags, mode), fault("open", a))
OPEN(open64, (const char *a, int flags, ...), (a, flags, mode), fault("open", a))
OPEN(openat, (int x, const char *a, int flags, ...), (x, a, flags, mode), fault_at("open", x, a))
OPEN(openat64, (int x, const char *a, int flags, ...), (x, a, flags, mode), fault_at("open", x, a))

/* A file system without locks: HSM_FAULT_FLOCK is what flock fails with. */
int flock(int fd, int operation) {
  REAL(int, flock, (int, int))
  if (!locks) return real(fd, operation);
  errno = atoi(locks);
  return -1;
}

int posix_spawnp(pid_t *p, const char *a, const posix_spawn_file_actions_t *f, const posix_spawnattr_t *t,
                 char *const v[], char *const e[]) {
  REAL(int, posix_spawnp,
       (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const[],
        char *const[]))
  if (!dir) return real(p, a, f, t, v, e);
  char words[4096] = "";
  for (int i = 0, n = 0; v[i] && n < (int)sizeof words - 1; i++)
    n += snprintf(words + n, sizeof words - n, i ? " %s" : "%s", v[i]);
  int result = real(p, a, f, t, v, e);
  if (due("start", words) && !error) die();
  return result;
}

WRAP(int, rename, (const char *a, const char *b), (a, b), fault("rename", b))
WRAP(int, renameat, (int x, const char *a, int y, const char *b), (x, a, y, b), fault_at("rename", y, b))
WRAP(int, link, (const char *a, const char *b), (a, b), fault("link", b))
WRAP(int, linkat, (int x, const char *a, int y, const char *b, int f), (x, a, y, b, f), fault_at("link", y, b))
WRAP(int, symlink, (const char *a, const char *b), (a, b), fault("symlink", b))
WRAP(int, unlink, (const char *a), (a), fault("unlink", a))
WRAP(int, unlinkat, (int x, const char *a, int f), (x, a, f), fault_at("unlink", x, a))
WRAP(int, rmdir, (const char *a), (a), fault("rmdir", a))
WRAP(int, mkdir, (const char *a, mode_t m), (a, m), fault("mkdir", a))
WRAP(int, chmod, (const char *a, mode_t m), (a, m), fault("chmod", a))
WRAP(int, fchmod, (int fd, mode_t m), (fd, m), fault_fd("chmod", fd))
WRAP(int, fchmodat, (int x, const char *a, mode_t m, int f), (x, a, m, f), fault_at("chmod", x, a))
WRAP(int, chown, (const char *a, uid_t u, gid_t g), (a, u, g), fault("chown", a))
WRAP(int, lchown, (const char *a, uid_t u, gid_t g), (a, u, g), fault("chown", a))
WRAP(int, fchown, (int fd, uid_t u, gid_t g), (fd, u, g), fault_fd("chown", fd))
WRAP(int, fsync, (int fd), (fd), fault_fd("fsync", fd))
WRAP(int, fdatasync, (int fd), (fd), fault_fd("fsync", fd))
WRAP(int, ftruncate, (int fd, off_t n), (fd, n), fault_fd("truncate", fd))
WRAP(int, ftruncate64, (int fd, off64_t n), (fd, n), fault_fd("truncate", fd))
WRAP(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n), fault_fd("write", fd))
WRAP(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n), fault_fd("write", fd))
WRAP(ssize_t, pwrite64, (int fd, const void *b, size_t n, off64_t o), (fd, b, n, o), fault_fd("write", fd))
WRAP(ssize_t, copy_file_range, (int x, off64_t *a, int y, off64_t *b, size_t n, unsigned f), (x, a, y, b, n, f), fault_fd("write", y))
