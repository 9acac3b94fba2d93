# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# watchdog.sh - follow a guest to its end and say how it ended. Sourced by
# run-guest.sh, which sets QEMU_PID, OUT, PLAN, TIMEOUT and STALL.

# Seconds a guest that has said all may take to leave.
GRACE=20

# end_qemu - end QEMU, if it still runs, and wait for it.
end_qemu()
{
	[[ -n ${QEMU_PID:-} ]] || return 0
	kill -TERM "$QEMU_PID" 2>/dev/null || true
	local i
	for ((i = 0; i < 20; i++)); do
		kill -0 "$QEMU_PID" 2>/dev/null || break
		sleep 0.1
	done
	kill -KILL "$QEMU_PID" 2>/dev/null || true
	wait "$QEMU_PID" 2>/dev/null || true
	QEMU_PID=
}

# size FILE - in bytes, 0 when it is not there.
size()
{
	stat -c %s -- "$1" 2>/dev/null || printf '0\n'
}

# complete FILE - is the last line the end record?
complete()
{
	[[ $(tail -n 1 -- "$1" 2>/dev/null) == '{"v":1,"type":"end"}' ]]
}

# records TYPE - how many of them the guest has sent.
records()
{
	grep -cs "^{\"v\":1,\"type\":\"$1\"" "$OUT/events.jsonl.part" || [[ -e $OUT/events.jsonl.part ]] || printf '0'
}

# last_lines N - of the console, readable and without the log at the end.
last_lines()
{
	readable | tail -n "$1"
}

# readable - the console's last lines as text.
readable()
{
	tail -n 200 -- "$OUT/console.log" 2>/dev/null | plain_lines |
		grep -v -e '^dmesg: ' -e '^[[:space:]]*$' || true
}

# last_words - the console's last lines, from where the kernel says what went
# wrong: the end of a register dump tells nobody anything.
last_words()
{
	readable | awk '
		/Kernel panic|BUG:|Oops|Out of memory/ && !from { from = NR }
		{ line[NR] = $0 }
		END {
			if (!from || NR - from < 11)
				from = NR > 12 ? NR - 11 : 1
			for (i = from; i <= NR && i < from + 12; i++)
				print line[i]
		}'
}

# progress SECONDS - one line about where the guest is.
progress()
{
	local planned sent last

	planned=$(grep -cE '^(point|twin|readers) ' "$PLAN" || true)
	sent=$(records point)
	last=$(last_lines 1 | cut -c1-60)
	info "${VARIANT:-guest}: $1 s, point $sent of $planned: ${last:-booting}"
}

# guest_failed HOW TEXT - the verdict, also in the file failed, the console's last words,
# the log.
guest_failed()
{
	end_qemu
	printf '%s: %s\n' "$1" "$2" 2>/dev/null >"$OUT/failed" || true
	{
		printf '%s: the guest failed: %s: %s\n' "$VB_NAME" "$1" "$2"
		printf '%s: the last lines of the console:\n' "$VB_NAME"
		last_words | sed 's/^/  | /'
		printf '%s: log: %s\n' "$VB_NAME" "$OUT/console.log"
	} >&2
	exit 1
}

# console_verdict - fails the run if the kernel says that it is dead.
console_verdict()
{
	local line

	line=$(grep -a -m1 -E 'Kernel panic - not syncing' "$OUT/console.log" 2>/dev/null |
		plain_lines) || return 0
	case $line in
	*[Oo]ut\ of\ memory*|*'System is deadlocked on memory'*) guest_failed oom "${line##*not syncing: }" ;;
	*) guest_failed panic "${line##*not syncing: }" ;;
	esac
}

# follow DONE - until DONE is true, which is asked now and then, or QEMU has
# left; then QEMU_RC is set, and the status is 1.
#
# No command in here has two command substitutions: bash 5.2 takes a signal that
# came during the first one while it parses the second, and stumbles over the trap.
follow()
{
	local done_when=$1 start=$SECONDS heard=$SECONDS told=$SECONDS seen='' pid=$QEMU_PID
	local console records

	while kill -0 "$pid" 2>/dev/null; do
		# A child, so that a signal to us is taken at once.
		sleep 0.5 &
		wait -n "$!" "$pid" 2>/dev/null || true
		console=$(size "$OUT/console.log")
		records=$(size "$OUT/events.jsonl.part")
		if [[ "$console $records" != "$seen" ]]; then
			seen="$console $records"
			heard=$SECONDS
			console_verdict
		fi
		! "$done_when" || return 0
		if ((SECONDS - told >= 10)); then
			told=$SECONDS
			progress $((SECONDS - start))
		fi
		if ((SECONDS - heard >= STALL)); then
			guest_failed hang "nothing heard from it for $STALL s (--stall)"
		elif ((SECONDS - start >= TIMEOUT)); then
			guest_failed hang "not done after $TIMEOUT s (--timeout)"
		fi
	done
	QEMU_RC=0
	wait "$pid" || QEMU_RC=$?
	QEMU_PID=
	! "$done_when" || return 0
	return 1
}

# said_all - the guest's last record is there.
said_all()
{
	complete "$OUT/events.jsonl.part"
}

# let_leave - how a guest that has said all leaves does not matter, if it does.
let_leave()
{
	local i pid=${QEMU_PID:-}

	for ((i = 0; i < GRACE * 10; i++)); do
		[[ -n $pid ]] || break
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	end_qemu
}

# qemu_error - the line of QEMU's that says why; not those about modules of another
# QEMU on the same system, which it does not need.
qemu_error()
{
	local lines

	lines=$(grep -vE 'failed to initialize module|^Only modules from the same build' "$OUT/qemu.err")
	grep -m1 'vmapsim: error' <<<"$lines" || head -n 1 <<<"$lines"
}

# explain_end - QEMU has left too early: say why, as far as it can be known.
explain_end()
{
	console_verdict
	if no_space "$OUT/events.jsonl.part"; then
		die "no space left on the disk of $OUT"
	fi
	if ((QEMU_RC > 128)); then
		guest_failed killed "QEMU was killed from outside by SIG$(kill -l $((QEMU_RC - 128)))"
	fi
	if snapshot_broken; then
		die "the snapshot $SNAPSHOT was damaged and is removed now; run this again" "$OUT/qemu.err"
	fi
	if ((QEMU_RC != 0)); then
		die "QEMU did not run: $(qemu_error)" "$OUT/qemu.err"
	fi
	guest_failed "no end" "it left without the end record"
}

# watch_guest - the whole life of the guest; returns only when it is complete.
watch_guest()
{
	follow said_all || explain_end
	let_leave
	console_verdict
	mv -T -- "$OUT/events.jsonl.part" "$OUT/events.jsonl"
}
