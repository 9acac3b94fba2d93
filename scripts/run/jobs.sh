# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
#
# jobs.sh - run guests of several variants, some at a time. Sourced by those who
# have built them (build.sh) and set CAMPAIGN, the directory of the records, MACHINE,
# CPUS, COSTS and VARIANTS; also APPEND if the kernel's command line needs more.

# The processes that run guests, and of which variant.
declare -gA RUNNING=()

# claim_campaign - CAMPAIGN is ours, and what we start ends with us.
claim_campaign()
{
	mkdir -p -- "$CAMPAIGN" 2>/dev/null || die "cannot make $CAMPAIGN"
	exec 8<"$CAMPAIGN"
	flock -n 8 || die "another bench is running in $CAMPAIGN"
	trap 'interrupted 130' INT
	trap 'interrupted 143' TERM
	trap 'interrupted 129' HUP
}

# interrupted CODE - Ctrl-C and the like: what runs ends with us.
interrupted()
{
	trap - INT TERM HUP
	if ((${#RUNNING[@]})); then
		kill -TERM "${!RUNNING[@]}" 2>/dev/null || true
		wait "${!RUNNING[@]}" 2>/dev/null || true
	fi
	info "interrupted: finished boots are kept, and the same command continues"
	exit "$1"
}

# run_guest VARIANT NAME - one run, in the background and waited for, so that a
# signal to us is taken at once. Its plan is .plan-NAME or, of a numbered run,
# .plan-run.
run_guest()
{
	local variant=$1 name=$2 stacks=() rc=0

	if [[ -n ${STACKS:-} && $name == run-* ]] && machine_has_stacks; then
		stacks=(--stacks "$STACKS" --module "${MODULE[$variant]}")
	fi
	# The lock stays with us: a guest that outlives us must not hold it.
	"$VB_TOP/scripts/run/run-guest.sh" --keep --machine "$MACHINE" --variant "$variant" \
		--kernel "${KERNEL_DIR[$variant]}" --initrd "${INITRD[$variant]}" \
		--plan "$CAMPAIGN/.plan-${name%-*}" --cpus "$CPUS" --mem "$(guest_memory "$CPUS")" --costs "$COSTS" \
		--out "$CAMPAIGN/$variant/$name" ${stacks[@]+"${stacks[@]}"} ${APPEND:+--append "$APPEND"} \
		${VB_STALL:+--stall "$VB_STALL"} 8>&- &
	GUEST=$!
	wait "$GUEST" || rc=$?
	GUEST=
	return "$rc"
}

# run_or_repeat VARIANT NAME - a guest that fails gets a second chance. A process
# of its own, which ends its guest when it is told to end.
run_or_repeat()
{
	local variant=$1 name=$2 dir=$CAMPAIGN/$1/$2 rc=0

	trap '[[ -z ${GUEST:-} ]] || kill -TERM "$GUEST" 2>/dev/null; wait; exit 143' INT TERM HUP
	run_guest "$variant" "$name" || rc=$?
	if [[ $rc -eq 1 ]]; then
		info "$variant $name failed; booting it once more"
		# Not in the run's own directory, which the next boot tidies.
		cp -- "$dir/console.log" "$CAMPAIGN/$variant/.$name-failed" 2>/dev/null || true
		rc=0
		run_guest "$variant" "$name" || rc=$?
		[[ $rc -ne 1 ]] || info "$variant $name failed again"
		# Reports speak of it.
		mv -fT -- "$CAMPAIGN/$variant/.$name-failed" "$dir/first-failure.log" 2>/dev/null || true
	fi
	exit "$rc"
}

# reap - wait for one of the runs; FAILED is the worst status so far.
reap()
{
	local pid rc=0

	wait -n -p pid "${!RUNNING[@]}" || rc=$?
	unset "RUNNING[$pid]"
	if [[ $rc -eq 0 ]]; then
		DONE_RUNS=$((DONE_RUNS + 1))
	elif ((rc > FAILED)); then
		FAILED=$rc
	fi
}

# start VARIANT NAME JOBS - a run beside the others, once fewer than JOBS are
# going on; fails when nothing more is to be started.
start()
{
	((${#RUNNING[@]} < $3)) || reap
	((FAILED == 0)) || return 1
	run_or_repeat "$1" "$2" &
	RUNNING[$!]=$1
}

# finish - wait for all that was started; nothing goes on after a failure.
finish()
{
	while ((${#RUNNING[@]})); do
		reap
	done
	((FAILED == 0)) || exit "$FAILED"
}

# run_selftests JOBS - known events on the kernel of every variant.
run_selftests()
{
	local variant

	DONE_RUNS=0 FAILED=0
	for variant in $VARIANTS; do
		info "$variant: proving the counters"
		start "$variant" selftest "$1" || break
	done
	finish
}

# verify_selftests - are the counters exact on the kernel of every variant? Ends
# the script with 1 when they are not.
verify_selftests()
{
	local variant twins wrong=false

	for variant in $VARIANTS; do
		twins=$CAMPAIGN/$variant/twins
		[[ -d $twins ]] || twins=''
		selftest_verify "$CAMPAIGN/$variant/selftest" "$variant" "$CPUS" "$twins" || wrong=true
	done
	! $wrong || exit 1
}
