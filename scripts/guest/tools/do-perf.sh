# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# do-perf.sh - perf WORKLOAD PAGES THREADS OPS FREQUENCY: one run of the module
# with all CPUs sampled; the profile and the symbols go to the host as files.

# send_file NAME FILE - as records: compressed, in pieces, then its size.
send_file()
{
	gzip -c "$2" | base64 | tr -d '\n' | fold -w 4000 | awk -v name="$1" '
		{ printf "{\"v\":1,\"type\":\"file\",\"name\":\"%s\",\"data\":\"%s\"}\n", name, $0 }' >&3
	emit "{\"v\":1,\"type\":\"file\",\"name\":\"$1\",\"bytes\":$(wc -c <"$2")}"
}

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
