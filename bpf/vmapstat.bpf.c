// SPDX-License-Identifier: GPL-2.0
/*
 * vmapstat.bpf.c - the probes of vmapstat, a file for each thing to count.
 *
 * The targets named in SEC() are those of Linux 6.1; user space replaces them
 * from its table of symbols before it loads.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>
#include "vmapstat.h"

#include "maps.bpf.h"
#include "lock.bpf.h"
#include "purge.bpf.h"
#include "flush.bpf.h"
#include "block.bpf.h"
#include "op.bpf.h"
#include "window.bpf.h"

char LICENSE[] SEC("license") = "GPL";
