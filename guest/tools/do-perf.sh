# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# do-perf.sh - perf WORKLOAD PAGES THREADS OPS FREQUENCY: one run of the module
# with all CPUs sampled; the profile and the symbols go to the host as files.

# shellcheck source-path=SCRIPTDIR source=sampling.sh
. /vmapbench/sampling.sh

if need_bench; then
	if perf record -q -a -g -e cpu-clock -F "$5" -o /tmp/perf.data -- \
		sh /vmapbench/bench.sh "$1" "$2" "$3" "$4" >/tmp/perf.out 2>&1; then
		cat "$BENCH/result" >&3
		# Its size in /proc is 0.
		cat /proc/kallsyms >/tmp/kallsyms
		send_file perf.data /tmp/perf.data
		send_file kallsyms /tmp/kallsyms
	else
		emit_error "perf record: $(tail -n 3 /tmp/perf.out)"
	fi
fi
