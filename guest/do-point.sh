# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# do-point.sh - point MODE WORKLOAD PAGES THREADS OPS WARMUP [NS]: one measurement.
# bare runs it alone; traced runs it again under vmapstat, whose probes cost
# instructions of their own; selftest does so with all of them; sampled runs it under
# perf, with a sample every NS of each CPU's clock.

# set_up - hand the words to the module; fails with the name of the one it
# did not take.
set_up()
{
	local pair

	for pair in "workload=$2" "pages=$3" "threads=$4" "ops=$5" "warmup=$6"; do
		if ! echo "${pair#*=}" 2>/dev/null >"$BENCH/${pair%%=*}"; then
			emit_error "the module refused $pair" -22
			return 1
		fi
	done
}

# areas - how many vmap areas there are.
areas()
{
	grep -c . /proc/vmallocinfo
}

# run_bare - the module's own record says whether it went well.
run_bare()
{
	local before after

	before=$(areas)
	echo 1 2>/dev/null >"$BENCH/run"
	after=$(areas)
	cat "$BENCH/result" >&3
	emit "{\"v\":1,\"type\":\"areas\",\"before\":$before,\"after\":$after}"
}

# run_traced [PROBES] - count those, or everything.
run_traced()
{
	local rc=0

	count_events "${1:-}" sh -c "echo 1 >$BENCH/run" || rc=$?
	cat "$BENCH/result" >&3
	emit_counts "$rc"
}

# run_sampled NS
run_sampled()
{
	local rc=0 before

	need_sampling || return 0
	before=$(cat "$BENCH/result")
	sample_region "$1" sh -c "echo 1 >$BENCH/run" || rc=$?
	# If perf did not even start it, that is the run before.
	[ "$(cat "$BENCH/result")" = "$before" ] || cat "$BENCH/result" >&3
	emit_samples "$rc" "$BENCH/result"
}

emit_point "$1" "$2" "$3" "$4" "$5" "$6"
if need_bench && set_up "$@"; then
	case $1 in
	bare)	run_bare ;;
	# All but the map group, whose probes every operation would pay for.
	traced)	run_traced purge,flush,ipi,block,aliases,lock ;;
	selftest)	run_traced ;;
	sampled)	run_sampled "$7" ;;
	*)	emit_error "mode $1 is neither bare nor traced nor sampled nor selftest" ;;
	esac
fi
