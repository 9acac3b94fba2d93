# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# do-twin.sh - twin NAME WORKLOAD PAGES THREADS OPS: one run of the module, with
# vmapstat and bpf/NAME.bt attached at the same time. Both count the region; a
# record "twin" follows that of vmapstat.

# twin_record NAME RC - what bpftrace printed, a JSON object a line, as one.
twin_record()
{
	emit "{\"v\":1,\"type\":\"twin\",\"name\":\"$1\",\"rc\":$2,\"out\":[$(
		grep '^{' /tmp/twin.out | paste -sd, -)]}"
}

if need_bench; then
	rc=0
	name=$1
	shift
	rm -f /tmp/counts
	# What was attached gives memory back for a while, and so do the stacks
	# of processes that have ended: on vmlist each is a flush.
	echo 'sleep 2; exec sh /vmapbench/bench.sh "$@"' >/tmp/settled.sh
	emit "{\"v\":1,\"type\":\"point\",\"mode\":\"twin\",\"workload\":\"$1\",\"pages\":$2,\"threads\":$3,\"ops\":$4}"
	vmapstat --json --region -o /tmp/counts -- bpftrace -f json -o /tmp/twin.out "/vmapbench/$name.bt" 1 \
		-c "sh /tmp/settled.sh $*" >/tmp/twin.err 2>&1 || rc=$?
	cat "$BENCH/result" /tmp/counts >&3
	twin_record "$name" "$rc"
	[ "$rc" -eq 0 ] || emit_error "$name: exit $rc: $(tail -n 3 /tmp/twin.err)"
fi
