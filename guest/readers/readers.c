// SPDX-License-Identifier: GPL-2.0
/*
 * readers - go through large directories over and over, all at the same time,
 * with cold caches.
 *
 * usage: readers WORKLOAD PAGES ROUNDS WARMUP BLOCKS FILES NAMES DIR...
 *
 *   WORKLOAD PAGES   what the record says
 *   ROUNDS WARMUP    traversals that are measured, and before that
 *   BLOCKS           directory blocks of a traversal: so many operations
 *   FILES            that each DIR must have
 *   NAMES            which of them a traversal reads: all, or the first of each
 *                    block, where PAGES is the size of a block and the file
 *                    system XFS
 *   DIR              one for each reader; the n-th reader is on the n-th CPU
 *
 * In each round all readers go through their directories; when all are done, all
 * drop the kernel's caches; when all are done with that, the next round
 * begins. The record, a sample as the module makes it, goes to standard
 * output. When something fails there is none, and it is said why.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define REGION		"/sys/kernel/debug/vmap_bench/region"
#define DROP_CACHES	"/proc/sys/vm/drop_caches"
#define MAX_READERS	128

/* As much as programs that list directories ask for at a time. */
#define BUFFER		32768

/* Room for one name of the files, or for those of the directory and its parent. */
#define NAME_BUFFER	72

/* Positions in a directory of XFS are bytes, in these units. */
#define XFS_POSITION	8
#define PAGE_BYTES	4096

/*
 * A buffer of a directory block survives two trips of the shrinker through the
 * list, because it is worth more than others.
 */
#define DROPS		3

struct entry {
	uint64_t inode;
	int64_t offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

struct reader {
	pthread_t thread;
	const char *path;
	int number;
	int dir;
	uint64_t ns;
	char buffer[BUFFER] __attribute__((aligned(64)));
};

struct reader;

static struct {
	const char *workload;
	void (*traverse)(struct reader *r);
	unsigned long pages, rounds, warmup, blocks, files;
	int readers;
	struct reader *reader;
	int region, drop_caches;
} job;

/* What everybody waits at; each has a cache line of its own. */
static struct {
	atomic_int arrived __attribute__((aligned(64)));
	atomic_int passed __attribute__((aligned(64)));
} barrier;

/*
 * The first failure is said and ends all readers: the kernel closes a region that
 * is open. Who fails meanwhile is ended with them.
 */
static void die(const char *format, ...)
{
	static atomic_flag dying = ATOMIC_FLAG_INIT;
	va_list args;

	while (atomic_flag_test_and_set(&dying))
		pause();
	fputs("readers: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	_exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static void put_word(int fd, const char *path, const char *word)
{
	if (pwrite(fd, word, strlen(word), 0) != (ssize_t)strlen(word))
		die("%s: %s: %s", path, word, strerror(errno));
}

static void mark(const char *word)
{
	put_word(job.region, REGION, word);
}

/* Spinning, as the kernel's barriers do: a CPU that sleeps is another load. */
static void wait_for_all(void)
{
	int pass = atomic_load(&barrier.passed);

	if (atomic_fetch_add(&barrier.arrived, 1) == job.readers - 1) {
		atomic_store(&barrier.arrived, 0);
		atomic_store(&barrier.passed, pass + 1);
		return;
	}
	while (atomic_load_explicit(&barrier.passed, memory_order_acquire) == pass)
		__builtin_ia32_pause();
}

static unsigned long count_entries(const char *buffer, long size)
{
	unsigned long n = 0;
	long at;

	for (at = 0; at < size; n++)
		at += ((const struct entry *)(buffer + at))->length;
	return n;
}

static void read_all_names(struct reader *r)
{
	unsigned long entries = 0;
	long n;

	if (lseek(r->dir, 0, SEEK_SET))
		die("%s: cannot start over: %s", r->path, strerror(errno));
	while ((n = syscall(SYS_getdents64, r->dir, r->buffer, BUFFER)) > 0)
		entries += count_entries(r->buffer, n);
	if (n < 0)
		die("%s: cannot be read: %s", r->path, strerror(errno));
	/* One each for the directory and its parent. */
	if (entries != job.files + 2)
		die("%s: has %lu entries, not %lu", r->path, entries, job.files + 2);
}

static void read_first_names(struct reader *r)
{
	const off_t block = job.pages * PAGE_BYTES / XFS_POSITION;
	unsigned long i;
	long n;

	for (i = 0; i < job.blocks; i++) {
		if (lseek(r->dir, i * block, SEEK_SET) < 0)
			die("%s: no block %lu: %s", r->path, i, strerror(errno));
		n = syscall(SYS_getdents64, r->dir, r->buffer, NAME_BUFFER);
		if (n < 0)
			die("%s: block %lu cannot be read: %s", r->path, i, strerror(errno));
		if (!n)
			die("%s: block %lu has no entries", r->path, i);
	}
}

static void drop(void)
{
	int i;

	for (i = 0; i < DROPS; i++)
		put_word(job.drop_caches, DROP_CACHES, "2");
}

static void do_rounds(struct reader *r, unsigned long n)
{
	while (n--) {
		job.traverse(r);
		wait_for_all();
		drop();
		wait_for_all();
	}
}

static void pin(const struct reader *r)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(r->number, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("reader %d cannot be on CPU %d: %s", r->number, r->number, strerror(errno));
}

static void *read_all(void *arg)
{
	struct reader *r = arg;
	uint64_t start;

	pin(r);
	do_rounds(r, job.warmup);
	mark("begin");
	start = now_ns();
	do_rounds(r, job.rounds);
	r->ns = now_ns() - start;
	mark("end");
	return NULL;
}

static void start_all(void)
{
	char word[16];
	int i, err;

	snprintf(word, sizeof(word), "open %d", job.readers);
	mark(word);
	for (i = 0; i < job.readers; i++) {
		err = pthread_create(&job.reader[i].thread, NULL, read_all, &job.reader[i]);
		if (err)
			die("reader %d cannot start: %s", i, strerror(err));
	}
	for (i = 0; i < job.readers; i++)
		pthread_join(job.reader[i].thread, NULL);
}

static void get_run(unsigned int *number, unsigned long long *window_ns)
{
	char text[64] = "";

	if (pread(job.region, text, sizeof(text) - 1, 0) <= 0)
		die("%s: cannot be read: %s", REGION, strerror(errno));
	if (sscanf(text, "%u %llu", number, window_ns) != 2 || !*number)
		die("%s: no run: %s", REGION, text);
}

static void put_record(void)
{
	const unsigned long ops = job.rounds * job.blocks;
	unsigned long long window_ns;
	unsigned int number;
	int i;

	get_run(&number, &window_ns);
	printf("{\"v\":1,\"type\":\"sample\",\"run\":%u,\"workload\":\"%s\"", number, job.workload);
	printf(",\"pages\":%lu,\"threads\":%d,\"ops\":%lu,\"warmup\":%lu", job.pages, job.readers,
	       ops * job.readers, job.warmup * job.blocks);
	printf(",\"ops_done\":%lu,\"window_ns\":%llu,\"mismatches\":0,\"thread\":[",
	       ops * job.readers, window_ns);
	for (i = 0; i < job.readers; i++)
		printf("%s{\"cpu\":%d,\"ops\":%lu,\"ns\":%llu,\"ops_done\":%lu}", i ? "," : "",
		       job.reader[i].number, ops, (unsigned long long)job.reader[i].ns, ops);
	puts("]}");
	if (fflush(stdout))
		die("the record cannot be written: %s", strerror(errno));
}

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

static unsigned long take_number(const char *name, const char *text, unsigned long min)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < min || value > 100000000)
		die("%s: %s is not a number from %lu to 100000000", name, text, min);
	return value;
}

static void take_names(const char *text)
{
	if (!strcmp(text, "all"))
		job.traverse = read_all_names;
	else if (!strcmp(text, "first"))
		job.traverse = read_first_names;
	else
		die("NAMES: %s is neither all nor first", text);
}

static void take_arguments(int argc, char **argv)
{
	int i;

	if (argc < 9)
		die("usage: readers WORKLOAD PAGES ROUNDS WARMUP BLOCKS FILES NAMES DIR...");
	job.workload = argv[1];
	job.pages = take_number("PAGES", argv[2], 1);
	job.rounds = take_number("ROUNDS", argv[3], 1);
	job.warmup = take_number("WARMUP", argv[4], 0);
	job.blocks = take_number("BLOCKS", argv[5], 1);
	job.files = take_number("FILES", argv[6], 0);
	take_names(argv[7]);
	job.readers = argc - 8;
	if (job.readers > MAX_READERS)
		die("%d readers are more than %d", job.readers, MAX_READERS);
	job.reader = aligned_alloc(64, job.readers * sizeof(*job.reader));
	if (!job.reader)
		die("no memory for %d readers", job.readers);
	for (i = 0; i < job.readers; i++) {
		struct reader *r = &job.reader[i];

		memset(r, 0, sizeof(*r));
		r->number = i;
		r->path = argv[8 + i];
		r->dir = open_file(r->path, O_RDONLY | O_DIRECTORY);
	}
}

int main(int argc, char **argv)
{
	take_arguments(argc, argv);
	job.region = open_file(REGION, O_RDWR);
	job.drop_caches = open_file(DROP_CACHES, O_WRONLY);
	/* No line in the kernel's log for each time. */
	put_word(job.drop_caches, DROP_CACHES, "4");
	start_all();
	put_record();
	return 0;
}
