# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# perf-records.sh - from what perf has sampled in a guest to profile.jsonl and
# stacks.jsonl. Sourced after lib.sh, tools.sh and guest-files.sh.

# shellcheck source=scripts/kernel/variants.sh
. "$VB_TOP/scripts/kernel/variants.sh"
# shellcheck source=scripts/kernel/sandbox.sh
. "$VB_TOP/scripts/kernel/sandbox.sh"

# sampled_runs NAME... - the numbers in names perf-N.data, in their order.
sampled_runs()
{
	printf '%s\n' "$@" | sed -n 's,^.*perf-\([0-9]*\)\.data.*$,\1,p' | sort -nu
}

# take_samples RUNDIR - perf-N.data.gz for each region N that was sampled. Fails if there
# are some and the plan has no point that is sampled: perf is not to read what a guest
# makes up.
take_samples()
{
	local dir=$1 names run

	names=$(grep -o '^{"v":1,"type":"file","name":"perf-[0-9]*\.data","bytes"' "$dir/events.jsonl") ||
		return 0
	if ! grep -qsE '^(point|readers) sampled ' "$dir/plan"; then
		info "the guest sent samples, and $dir/plan asks for none: use another kernel"
		return 1
	fi
	# shellcheck disable=SC2086 # a line each, without blanks
	for run in $(sampled_runs $names); do
		take_file "$dir" "perf-$run.data" || return 1
	done
	drop_files "$dir"
}

# read_samples RUNDIR KERNEL CPUS N TMP - records of region N, appended to those in
# the directory TMP. What fails here has to end the script by itself: bash goes on after it
# in all that convert_samples calls.
read_samples()
{
	local dir=$1 kernel=$2 cpus=$3 run=$4 tmp=$5 rc

	gzip -dc -- "$dir/perf-$run.data.gz" >"$tmp/perf.data" ||
		die "$dir/perf-$run.data.gz cannot be unpacked: no space left?"
	# perf asks who owns the file, and for symbols that nobody wants.
	sandboxed perf script -f -i "$tmp/perf.data" --ns --show-lost-events -F pid,time,period,event,ip \
		>"$tmp/script" 2>"$tmp/err" ||
		die "perf cannot read $dir/perf-$run.data.gz: $(first_error "$tmp/err")"
	rc=0
	"$VB_BUILD/tools/vb-samples" --map "$kernel/System.map" --events "$dir/events.jsonl" \
		--run "$run" --cpus "$cpus" --stacks "$tmp/stacks" --name "$dir/perf-$run.data.gz" \
		"$tmp/script" >>"$tmp/profile.jsonl" || rc=$?
	# Of samples that are of no use (1) the records say why.
	((rc <= 1)) || exit 2
	cat -- "$tmp/stacks" >>"$tmp/stacks.jsonl" || die "cannot write to $dir: no space left?"
}

# read_all_samples RUNDIR KERNEL CPUS TMP
read_all_samples()
{
	local run name

	for run in $(sampled_runs "$1"/perf-*.data.gz); do
		read_samples "$1" "$2" "$3" "$run" "$4"
	done
	for name in stacks.jsonl profile.jsonl; do
		mv -T -- "$4/$name" "$1/$name" || die "cannot write to $1"
	done
}

# convert_samples RUNDIR KERNEL CPUS - all of them, unless it was done before. The
# profile comes last, so that what was interrupted is done again.
convert_samples()
{
	local tmp

	take_samples "$1" || exit 2
	(cd -- "$1" && compgen -G 'perf-*.data.gz') >/dev/null && [[ ! -e $1/profile.jsonl ]] || return 0
	build_tools
	info "reading the samples of $(sampled_runs "$1"/perf-*.data.gz | wc -l) regions"
	# Beside the records, so that the last step is a rename; what somebody who was killed
	# has left goes.
	tmp=$1/samples.tmp
	if ! { rm -rf -- "$tmp" && mkdir -- "$tmp"; }; then
		die "cannot write to $1: no space left?"
	fi
	(
		# shellcheck disable=SC2064 # the directory's name as it is now
		trap "rm -rf -- $(printf '%q' "$tmp")" EXIT
		! is_subject "${VARIANT:-}" || confine "$VARIANT" '' '' "$(realpath -- "$tmp")"
		read_all_samples "$1" "$2" "$3" "$(realpath -- "$tmp")"
	) || exit 2
}
