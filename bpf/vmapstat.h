/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vmapstat.h - what the BPF side and the user side of vmapstat share.
 *
 * Both sides meet in maps: "control", one struct vs_control mapped into user
 * space; "percpu", one struct vs_cpu for each CPU; "ops" and "stacks", per CPU
 * as well, which stay tiny unless asked for; and "pending", the calls that have
 * not returned yet. None of it is global data: libbpf 1.1 finds out whether a
 * kernel has that by loading a socket filter, which a kernel without CONFIG_NET
 * cannot do.
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
#define VS_CODES	16	/* functions told apart by their addresses */
#define VS_FILTERS	8	/* functions of one name, for --caller */

#define VS_CLASSES	32	/* of a histogram: class i holds 2^i ns and more */
#define VS_SIZES	13	/* class i holds 2^(i-1) pages and more, 0: unknown */

/* Entries of the tables; all powers of two. */
#define VS_SITES	32	/* callers that purged, functions that CPUs were asked to run */
#define VS_STACKS	256	/* stacks that waited for a lock, on one CPU */
#define VS_PENDING	4096	/* calls that have not returned, on all CPUs */
#define VS_TRIES	8	/* places in which an entry of the last two can be */

#define VS_FRAMES	24	/* of a stack, those of the probe included */

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

/** enum vs_nr - the plain counters */
enum vs_nr {
	VS_NR_HITS,		/* programs run while counting, without second ones */
	VS_NR_LOST,		/* events for which there was no room */
	VS_NR_SECOND,		/* done by the second program, as the first was kept out */
	VS_NR_PURGES,		/* that found something */
	VS_NR_PURGE_CALLS,
	VS_NR_PURGE_NS,		/* of those that found something */
	VS_NR_AREAS_PURGED,
	VS_NR_LAZY_DONE,	/* pages that purges of this CPU found */
	VS_NR_LAZY_PAGES,	/* handed over for a later purge */
	VS_NR_FLUSHES,
	VS_NR_FLUSH_RUNS,
	VS_NR_FLUSH_PAGES,	/* of the ranges */
	VS_NR_FLUSHES_ALL,	/* carried out as a flush of everything */
	VS_NR_FLUSHES_RANGE,	/* carried out page by page */
	VS_NR_FLUSH_NS,
	VS_NR_FLUSH_TARGETS,	/* CPUs that this CPU asked to flush */
	VS_NR_OTHER_CALLS,
	VS_NR_OTHER_IPIS,
	VS_NR_ALIASES,
	VS_NR_ALIASES_NS,
	VS_NR_BLOCKS_NEW,
	VS_NR_BLOCKS_FREED,
	VS_NR_BLOCKS_PURGED,	/* of those freed: with pages never handed out */
	VS_NR_COUNT,
};

/** enum vs_hist - the histograms */
enum vs_hist {
	VS_HIST_PURGE,
	VS_HIST_FLUSH,
	VS_HIST_ALIASES,
	VS_HIST_COUNT,
};

/** enum vs_op - functions timed from entry to return, wherever they sleep */
enum vs_op {
	VS_OP_MAP_RAM,
	VS_OP_UNMAP_RAM,
	VS_OP_VMAP,
	VS_OP_VUNMAP,
	VS_OPS,		/* those counted by size */
	VS_OP_ALIASES = VS_OPS,
	VS_OP_PURGE,
};

/** enum vs_code - what a function of the table of codes means */
enum vs_code {
	VS_CODE_PURGE_BLOCKS = VS_ROWS,	/* below it: a row of the lock table */
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

/**
 * struct vs_wait - a wait that has not ended yet
 * @call: the trampoline's frame: of this call and no other that is under way
 */
struct vs_wait {
	__u64 call;
	__u64 lock;
	__u64 start;
	__u32 kind;
	__u32 row;
	__u32 stack;	/* its stack plus 1, 0: none */
	__u32 pad;
};

/** struct vs_site - an address in code, and what it was the reason of */
struct vs_site {
	__u64 addr;	/* 0: this entry is free */
	__u64 calls;
	__u64 hits;	/* purges that found something; CPUs asked */
	__u64 ns;
};

/** struct vs_stack - waits for a lock that came the same way */
struct vs_stack {
	__u64 hash;	/* 0: this entry is free */
	__u64 waits;
	__u64 wait_ns;
	__u32 kind;
	__u32 row;
	__u64 frames[VS_FRAMES];
};

/** struct vs_pending - a call that has not returned yet */
struct vs_pending {
	__u64 key;	/* thread and function, 0: this entry is free */
	__u64 start;
	__u64 arg;
};

/** struct vs_cpu - everything that one CPU counts; written by that CPU only */
struct vs_cpu {
	__u64 nr[VS_NR_COUNT];
	__u64 hist[VS_HIST_COUNT][VS_CLASSES];
	struct vs_lock_stat locks[VS_KINDS][VS_ROWS];
	struct vs_site callers[VS_SITES];
	struct vs_site funcs[VS_SITES];
	__u64 areas;		/* handed over, also outside the window */
	__u64 pages;		/* the same */
	__u64 call_start;	/* of the function call under way, 0: none */
	__u64 call_func;
	__u64 depth;
	struct vs_wait stack[VS_DEPTH];
};

/** struct vs_ops - calls that map and unmap, on one CPU */
struct vs_ops {
	__u64 calls[VS_OPS];
	__u64 ns[VS_OPS];
	__u64 hist[VS_OPS][VS_SIZES][VS_CLASSES];
};

/** struct vs_queue - what is on the queues of blocks of all CPUs */
struct vs_queue {
	__s64 blocks;
	__s64 free;	/* pages that can still be handed out */
	__s64 dirty;	/* pages that came back and cannot be used before a purge */
};

/** struct vs_control - how to count, and the state of the window */
struct vs_control {
	/* written by user space */
	__u32 command;		/* enum vs_command */
	__u32 nr_ranges;
	__u32 nr_codes;
	__u32 nr_filters;	/* 0: whoever called counts */
	__u32 with_stacks;
	__u32 pad;
	__u64 site_mask;	/* for tests: makes the tables of sites smaller */
	__u64 stack_mask;
	__u64 pending_mask;
	__u64 gen;		/* number of the interval, for maxima */
	__u64 lazy_nr_addr;	/* of vmap_lazy_nr, or 0 */
	__u64 offsets_addr;	/* of __per_cpu_offset[] */
	__u64 nr_offsets;
	__u64 online_addr;	/* of __cpu_online_mask, or 0 */
	__u64 queue_addr;	/* of vmap_block_queue, or 0 */
	__u64 nodes_addr;	/* of vmap_nodes, a pointer, or 0 */
	__u64 nr_nodes_addr;
	__u32 block_row;	/* locks of blocks */
	__u32 nodes_row;	/* locks of nodes, 0: there are none */
	__u64 blocks_by_area;	/* no function frees blocks and nothing else */
	__u64 nodes_size;	/* of one node */
	__u64 flush_all_addr;	/* of the functions that flush a CPU */
	__u64 flush_range_addr;
	/* written by BPF */
	__u64 active;		/* events count now */
	__s64 lazy_open;	/* vmap_lazy_nr when the open window began */
	__s64 lazy_growth;	/* its growth over all closed windows */
	__s64 lazy_now;		/* its value at the last look, or at the close */
	__s64 lazy_max;		/* the highest seen while counting */
	__u64 block_size;	/* of the last one made, 0: none yet */
	struct vs_queue queue_open;
	struct vs_queue queue_now;
	__s64 queue_growth;	/* of the number of blocks, as lazy_growth */
	__u64 areas_seen;	/* handed over when the running purge began */
	__u64 areas_done;	/* when the last one that found something did */
	__u64 pages_seen;
	__u64 pages_done;
	__u64 opened;
	__u64 closed;
	__u64 samples;		/* reads of the iterator that were carried out */
	__u64 nodes_start;	/* the array of nodes, when there is one */
	__u64 nodes_count;
	__u64 offsets[VS_CPUS];
	struct vs_range ranges[VS_RANGES];	/* sorted by start */
	struct vs_range codes[VS_CODES];	/* functions; row is enum vs_code */
	struct vs_range filters[VS_FILTERS];	/* functions; row is not used */
};

#endif /* VMAPSTAT_H */
