# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# do-kprobes.sh - kprobes on | sum | off: count by hand what vmapstat counts,
# with probe events in the kernel's own trace. "on" sets them; the record of
# "sum" has how often each function was entered between the marks of the region,
# or "begin" and "end" written to trace_marker, by name; "missed": how many hits the kernel skipped because it was in the
# handler of another, and "dropped": what the trace had no room for.

KPROBES="vmap_bench_region_begin vmap_bench_region_end
	flush_tlb_kernel_range flush_tlb_all do_kernel_range_flush do_flush_tlb_all
	smp_call_function_many_cond vm_unmap_aliases
	__purge_vmap_area_lazy free_vmap_area_noflush alloc_vmap_area free_vmap_block
	vm_map_ram vm_unmap_ram vmap vunmap remove_vm_area
	queued_spin_lock_slowpath queued_write_lock_slowpath queued_read_lock_slowpath"

# kprobes_on - what this kernel has not is passed over.
kprobes_on()
{
	local f

	for f in $KPROBES; do
		echo "p:vs/$f $f" >>kprobe_events || true
	done 2>/dev/null
	# shellcheck disable=SC2016 # a word of the kernel's
	echo 'r:vs/effective __purge_vmap_area_lazy ret=$retval:u8' 2>/dev/null >>kprobe_events &&
		echo 'ret == 1' >events/vs/effective/filter
	echo 8192 >buffer_size_kb
	echo >trace
	echo 1 >events/vs/enable
}

# kprobes_sum - an event's name is the field before "(", with a colon.
kprobes_sum()
{
	echo 0 >events/vs/enable
	awk '
		/ vmap_bench_region_begin: |tracing_mark_write: begin/ { on = 1; next }
		/ vmap_bench_region_end: |tracing_mark_write: end/ { on = 0 }
		on && match($0, /[a-z_]+: \(/) { n[substr($0, RSTART, RLENGTH - 3)]++ }
		END {
			for (name in n)
				printf "\"%s\":%d,", name, n[name]
		}' trace >/tmp/kprobes
	emit "{\"v\":1,\"type\":\"kprobes\",$(cat /tmp/kprobes)\"missed\":$(
		awk '{ n += $3 } END { print n + 0 }' kprobe_profile),\"dropped\":$(
		cat per_cpu/cpu*/stats | awk '/overrun|dropped/ { n += $NF } END { print n + 0 }')}"
}

if cd /sys/kernel/tracing; then
	case $1 in
	on)	kprobes_on ;;
	sum)	kprobes_sum ;;
	off)	echo 0 >events/vs/enable
		echo >kprobe_events ;;
	*)	emit_error "kprobes $1: none of on, sum, off" ;;
	esac
	cd /
fi
