# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# sampling.sh - samples of all CPUs, taken by perf, and files that go to the host.
# Sourced by verbs, in guests with tools.

# More is not sent: the serial line would take minutes.
SAMPLES_MAX=48M
KPROBES=/sys/kernel/tracing/kprobe_events

# send_file NAME FILE - as records: compressed, in pieces, then its size.
send_file()
{
	gzip -c "$2" | base64 | tr -d '\n' | fold -w 4000 | awk -v name="$1" '
		{ printf "{\"v\":1,\"type\":\"file\",\"name\":\"%s\",\"data\":\"%s\"}\n", name, $0 }' >&3
	emit "{\"v\":1,\"type\":\"file\",\"name\":\"$1\",\"bytes\":$(wc -c <"$2")}"
}

# mark_region - events where the module's region begins and ends, for the recording.
mark_region()
{
	printf 'p:vb_begin vmap_bench_region_begin\np:vb_end vmap_bench_region_end\n' >>"$KPROBES"
}

# unmark_region - other measurements are to be without them.
unmark_region()
{
	printf -- '-:vb_begin\n-:vb_end\n' >>"$KPROBES"
}

# record_samples NS COMMAND... - run COMMAND; all CPUs are sampled every NS of their
# clocks. A large buffer, so that perf need not write while others measure.
record_samples()
{
	local every=$1 rc=0
	shift

	mark_region || return 1
	perf record -a -g --kernel-callchains -B -N -m 2M --max-size="$SAMPLES_MAX" \
		-e cpu-clock -c "$every" -e kprobes:vb_begin -e kprobes:vb_end \
		-o /tmp/samples.data -- "$@" || rc=$?
	unmark_region || rc=1
	return "$rc"
}

# sample_region NS COMMAND... - the same; what perf said is in /tmp/perf.out. COMMAND
# has its own output elsewhere.
sample_region()
{
	record_samples "$@" >/tmp/perf.out 2>&1
}

# emit_samples RC FILE - what sample_region has recorded; RC is what it returned, and
# FILE has the record of the module's run.
emit_samples()
{
	local run

	run=$(sed -n 's/.*"type":"sample","run":\([0-9]*\),.*/\1/p' "$2")
	# Then perf ends the command, too, which is why it failed.
	if grep -q 'size limit reached' /tmp/perf.out; then
		emit_error "perf record: more than $SAMPLES_MAX of samples: take fewer (--stacks), or fewer operations"
	elif [ "$1" -ne 0 ]; then
		emit_error "perf record: exit $1: $(tail -n 3 /tmp/perf.out)"
	elif [ -n "$run" ]; then
		send_file "perf-$run.data" /tmp/samples.data
	fi
	rm -f /tmp/samples.data
}
