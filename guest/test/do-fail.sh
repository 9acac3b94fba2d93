# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# do-fail.sh - fail FILE N WORKLOAD PAGES THREADS OPS: a run in which a fault
# is planted (FILE: fail_at, overlap_at, corrupt_at; at operation N). The
# records are the module's own and one with the pages it still holds.

if need_bench; then
	for pair in "workload=$3" "pages=$4" "threads=$5" "ops=$6" "warmup=0" "$1=$2"; do
		echo "${pair#*=}" 2>/dev/null >"$BENCH/${pair%%=*}" ||
			emit_error "the module refused $pair" -22
	done
	refused=false
	echo 1 2>/dev/null >"$BENCH/run" || refused=true
	cat "$BENCH/result" >&3
	emit "{\"v\":1,\"type\":\"fail\",\"failed\":$refused,\"live_pages\":$(cat "$BENCH/live_pages")}"
	echo 0 >"$BENCH/$1"
fi
