# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# do-fill.sh - fill: the workload of that name, and what /proc/vmallocinfo says of the
# full space, and once a part of it is lazily free. Each is a record with its lines.

# emit_vmallocinfo WHEN
emit_vmallocinfo()
{
	emit "$(awk -v when="$1" '
		BEGIN { printf "{\"v\":1,\"type\":\"vmallocinfo\",\"when\":\"%s\",\"line\":[", when }
		{
			gsub(/["\\]/, "")
			printf "%s\"%s\"", (NR > 1 ? "," : ""), $0
		}
		END { print "]}" }' /proc/vmallocinfo)"
}

# fill_words - hand them to the module, which holds each state for 20 seconds.
fill_words()
{
	local pair

	for pair in workload=fill pages=1 threads=1 ops=1 warmup=0 hold_ms=20000; do
		echo "${pair#*=}" >"$BENCH/${pair%%=*}" || return 1
	done
}

if need_bench && fill_words; then
	# Addresses as they are, and not a hash of them.
	echo 1 >/proc/sys/kernel/kptr_restrict
	echo 1 2>/dev/null >"$BENCH/run" &
	sleep 10
	emit_vmallocinfo full
	sleep 20
	emit_vmallocinfo freed
	wait
	cat "$BENCH/result" >&3
	emit_vmallocinfo end
	echo 0 >"$BENCH/hold_ms"
else
	emit_error "the module refused to fill the space" -22
fi
