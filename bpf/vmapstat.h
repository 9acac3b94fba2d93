/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vmapstat.h - what the BPF side and the user side of vmapstat share.
 *
 * Both sides meet in two maps: "control", one struct vs_control mapped into
 * user space, and "percpu", one struct vs_cpu for each CPU. Neither is global
 * data: libbpf 1.1 finds out whether a kernel has that by loading a socket
 * filter, which a kernel without CONFIG_NET cannot do.
 */
#ifndef VMAPSTAT_H
#define VMAPSTAT_H

/* Row 0 of the lock table counts every lock that has no row of its own. */
#define VS_ROW_OTHER	0
#define VS_ROWS		16

/*
 * Nested waits on one CPU: task, softirq, hardirq and NMI, each with at most
 * an rwlock; twice that, so that only a fault can overflow. A power of two.
 */
#define VS_DEPTH	8

#define VS_CPUS		1024
/* One range for each known lock, and for each CPU's copy. A power of two. */
#define VS_RANGES	2048
#define VS_RANGE_STEPS	11	/* of a binary search in so many */

/** enum vs_kind - which slow path a CPU waits in */
enum vs_kind {
	VS_SPIN,
	VS_WRITE,
	VS_READ,
	VS_KINDS,
};

/** enum vs_command - what the next read of the iterator shall do */
enum vs_command {
	VS_SAMPLE,	/* read kernel memory only */
	VS_OPEN,	/* and start to count */
	VS_CLOSE,	/* and stop counting */
};

/** struct vs_range - the addresses [start, end) belong to one lock row */
struct vs_range {
	__u64 start;
	__u64 end;
	__u32 row;
	__u32 pad;
};

/** struct vs_lock_stat - finished waits for one lock, on one CPU */
struct vs_lock_stat {
	__u64 waits;
	__u64 wait_ns;
	__u64 max_ns;	/* of the interval max_gen only */
	__u64 max_gen;
};

/** struct vs_wait - a wait that has not ended yet */
struct vs_wait {
	__u64 lock;
	__u64 start;
	__u32 kind;
	__u32 row;
};

/** struct vs_cpu - everything that one CPU counts; written by that CPU only */
struct vs_cpu {
	__u64 purges;
	__u64 lazy_pages;	/* handed over for a later purge */
	__u64 flushes;
	__u64 flush_runs;
	__u64 overflows;	/* waits not counted: the stack was full */
	struct vs_lock_stat locks[VS_KINDS][VS_ROWS];
	__u64 depth;
	struct vs_wait stack[VS_DEPTH];
};

/** struct vs_control - how to count, and the state of the window */
struct vs_control {
	/* written by user space */
	__u32 command;		/* enum vs_command */
	__u32 nr_ranges;
	__u64 gen;		/* number of the interval, for maxima */
	__u64 lazy_nr_addr;	/* of vmap_lazy_nr, or 0 */
	__u64 offsets_addr;	/* of __per_cpu_offset[] */
	__u64 nr_offsets;
	/* written by BPF */
	__u64 active;		/* events count now */
	__s64 lazy_open;	/* vmap_lazy_nr when the open window began */
	__s64 lazy_growth;	/* its growth over all closed windows */
	__s64 lazy_now;		/* its value at the last read of the iterator */
	__u64 opened;
	__u64 closed;
	__u64 samples;		/* reads of the iterator that were carried out */
	__u64 offsets[VS_CPUS];
	struct vs_range ranges[VS_RANGES];	/* sorted by start */
};

#endif /* VMAPSTAT_H */
