# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# do-readers.sh - readers MODE WORKLOAD PAGES THREADS ROUNDS WARMUP BLOCKS FILES
# NAMES [NS]: one measurement of a workload whose load is a program's. What makes the
# directories is dirs-WORKLOAD.sh; the modes are those of do-point.sh.

# need_disk N - the image is on the RAM disk N.
need_disk()
{
	[ ! -e "/tmp/disk-$1" ] || return 0
	sparse unpack /vmapbench/xfs.sparse "/dev/ram$1" && : >"/tmp/disk-$1"
}

# make_dirs THREADS - sets DIRS to a directory for each.
make_dirs()
{
	local n=0

	DIRS=
	while [ "$n" -lt "$1" ]; do
		make_dir "$n" 2>/tmp/dirs.err || {
			emit_error "directory $n: $(tail -n 3 /tmp/dirs.err)"
			return 1
		}
		DIRS="$DIRS $(dir_of "$n")"
		n=$((n + 1))
	done
}

# drop_dirs - all that make_dirs has made.
drop_dirs()
{
	local n=0 dir

	for dir in $DIRS; do
		drop_dir "$n" || say "$dir stays"
		n=$((n + 1))
	done
}

# check_maps OPS - an operation is a block that was mapped and unmapped; a block that
# was in the cache, or fell out of it too early, is none. MAPS is how often that
# workload does either in an operation. An XFS that unmaps in batches maps by vmap(),
# and unmaps some blocks before the region or after it.
check_maps()
{
	local function functions="vm_map_ram vm_unmap_ram" seen want=$(($1 * MAPS))

	! grep -q ' xfs_buf_vunmap_deferred$' /proc/kallsyms || functions=vmap
	for function in $functions; do
		seen=$(sed -n 's/.*"calls":{[^}]*"'"$function"'":\([0-9]*\)[,}].*/\1/p' /tmp/counts)
		[ "$seen" = "$want" ] ||
			emit_error "$1 operations had $seen calls of $function, not $want"
	done
}

# audit 1|0 - the module begins to look at pages that are freed, or ends; for workloads
# with AUDIT.
audit()
{
	[ -z "$AUDIT" ] || echo "$1" 2>/tmp/audit.err >"$BENCH/audit" && return 0
	emit_error "no audit: $(cat /tmp/audit.err)"
	return 1
}

# run_readers MODE WORKLOAD PAGES THREADS ROUNDS WARMUP BLOCKS FILES NAMES [NS]
run_readers()
{
	local mode=$1 ops=$(($4 * $5 * $7)) every=${10:-} rc=0

	rm -f /tmp/sample /tmp/readers.err
	audit 1 || return 0
	# shellcheck disable=SC2086 # a list of directories
	set -- readers "$2" "$3" "$5" "$6" "$7" "$8" "${NAMES:-$9}" $DIRS
	case $mode in
	bare)	"$@" >/tmp/sample 2>/tmp/readers.err || rc=$? ;;
	# An operation is so long here that probes on every map do not matter.
	traced)	count_events purge,flush,ipi,block,aliases,lock,map \
			sh -c '"$@" >/tmp/sample 2>/tmp/readers.err' sh "$@" || rc=$? ;;
	sampled)
		need_sampling || return 0
		sample_region "$every" sh -c '"$@" >/tmp/sample 2>/tmp/readers.err' sh "$@" || rc=$?
		# If perf did not even start it, perf says why.
		[ -e /tmp/readers.err ] || cp /tmp/perf.out /tmp/readers.err ;;
	*)	emit_error "mode $mode is neither bare nor traced nor sampled"
		return ;;
	esac
	audit 0 || return 0
	if [ -s /tmp/sample ]; then
		cat /tmp/sample >&3
		[ -z "$AUDIT" ] || cat "$BENCH/audit" >&3
		case $mode in
		traced)	emit_counts "$rc" && check_maps "$ops" ;;
		sampled)	emit_samples "$rc" /tmp/sample ;;
		esac
	else
		emit_error "$(tail -n 3 /tmp/readers.err) (exit $rc)"
	fi
}

emit_point "$1" "$2" "$3" "$4" $(($4 * $5 * $7)) $(($6 * $7))
if [ ! -f "/vmapbench/dirs-$2.sh" ]; then
	emit_error "nothing makes the directories of $2"
elif need_bench; then
	AUDIT=
	# shellcheck source=/dev/null
	. "/vmapbench/dirs-$2.sh"
	! make_dirs "$4" || run_readers "$@"
	drop_dirs
fi
