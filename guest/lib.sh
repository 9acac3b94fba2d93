# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# lib.sh - what every piece of the guest shares. Sourced by init.

BENCH=/sys/kernel/debug/vmap_bench

# emit LINE - one record to the host.
emit()
{
	printf '%s\n' "$1" >&3
}

# json_text TEXT - TEXT as it may stand between the quotes of a record.
json_text()
{
	printf '%s' "$1" | tr '\n\t' '  ' | tr -d '"\\\000-\037'
}

# emit_point MODE WORKLOAD PAGES THREADS OPS WARMUP - what follows is of this point. POINT
# is its name, for those who write records of it.
emit_point()
{
	SEQ=$((SEQ + 1))
	# Not the variant: kernels that are the same would differ by the length of their names.
	POINT="$SEQ $*"
	emit "{\"v\":1,\"type\":\"point\",\"seq\":$SEQ,\"mode\":\"$1\",\"workload\":\"$2\",\"pages\":$3,\"threads\":$4,\"ops\":$5,\"warmup\":$6}"
}

# emit_error WHAT [ERRNO] - an error record of the guest's own. The words of
# the point, if one is being done, are in the point record before it.
emit_error()
{
	emit "{\"v\":1,\"type\":\"error\",\"errno\":${2:-0},\"what\":\"$(json_text "$1")\"}"
}

# say TEXT - one line on the console, for the people who watch.
say()
{
	printf 'vmapbench: %s\n' "$1" >/dev/console
}

# emit_symbols MODULE - where its functions are, for profiles taken from
# outside; System.map knows the kernel's own only.
emit_symbols()
{
	emit "$(grep -F "[$1]" /proc/kallsyms | awk -v module="$1" '
		BEGIN { printf "{\"v\":1,\"type\":\"symbols\",\"module\":\"%s\",\"symbol\":[", module }
		$2 == "t" || $2 == "T" {
			printf "%s[\"%s\",\"%s\"]", (n++ ? "," : ""), $1, $3
		}
		END { print "]}" }')"
}

# await_init_free - what only the loading of a module needs is a vmap area that a work
# item frees a grace period later: not in the middle of a run. If it was free before
# this looked, the wait is for nothing, and ends.
await_init_free()
{
	local areas i=0

	areas=$(grep -vc ' unpurged ' /proc/vmallocinfo)
	while [ "$(grep -vc ' unpurged ' /proc/vmallocinfo)" -ge "$areas" ] && [ $i -lt 50 ]; do
		sleep 0.02
		i=$((i + 1))
	done
}

# need_bench - the module is loaded; said once when it cannot be.
need_bench()
{
	[ -d "$BENCH" ] && return 0
	if loadmod /vmapbench/vmap_bench.ko 2>/tmp/loadmod.err; then
		await_init_free
		emit_symbols vmap_bench
		return 0
	fi
	emit_error "vmap_bench.ko: $(cat /tmp/loadmod.err)"
	return 1
}

# count_events PROBES COMMAND... - run COMMAND under vmapstat, which counts what
# is between begin and end of a region of POINT; all probes when PROBES is empty.
# Returns its exit code.
count_events()
{
	local probes=$1
	shift

	rm -f /tmp/counts
	vmapstat --json --region --point "$POINT" ${probes:+-p "$probes"} -o /tmp/counts \
		-- "$@" >/tmp/vmapstat.out 2>&1
}

# need_sampling - perf is there, and what takes samples with it.
need_sampling()
{
	if [ ! -f /vmapbench/sampling.sh ] || [ ! -x /bin/perf ]; then
		emit_error "there is no perf in this guest"
		return 1
	fi
	# shellcheck source-path=SCRIPTDIR source=tools/sampling.sh
	. /vmapbench/sampling.sh
}

# emit_counts RC - what count_events has counted; RC is what it returned.
emit_counts()
{
	if [ -s /tmp/counts ]; then
		cat /tmp/counts >&3
	else
		emit_error "vmapstat: exit $1: $(tail -n 3 /tmp/vmapstat.out)"
	fi
	[ "$1" -eq 0 ] || say "vmapstat: exit $1: $(tail -n 3 /tmp/vmapstat.out)"
}
