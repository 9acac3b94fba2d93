# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016
#
# trial-data.sh - what became of a guest that was tried out: from its records and its
# console to an outcome and a line that says why. Sourced after lib.sh.

# What a kernel says when it finds something wrong, behind the time of the message.
# The log that init prints at the end has another beginning: nothing counts twice.
# Some parts of the kernel put their name in front (watchdog: BUG: soft lockup), and
# lockdep a bracket.
COMPLAINT='^\[ *[0-9.]+\] ([a-z_]+: )?(\[ )?(WARNING: |BUG[: ]|kernel BUG at |INFO: |Oops: |general protection fault|.*not syncing)'

# complaints RUNDIR - a line for each: what it is and where.
complaints()
{
	tr -d '\r' <"$1/console.log" 2>/dev/null | grep -aE "$COMPLAINT" |
		sed -E -e 's/^\[ *[0-9.]+\] //' -e 's/\+0x[0-9a-f]+\/0x[0-9a-f]+//g' \
			-e 's/^WARNING: CPU: [0-9]+ PID: [0-9]+ at /WARNING at /' || true
}

# records RUNDIR - of a guest that has said all, or as far as it came; a line that was
# cut off is left out.
trial_records()
{
	local file=$1/events.jsonl

	[[ -e $file ]] || file=$1/events.jsonl.part
	jq -cR 'fromjson? // empty' "$file" 2>/dev/null || true
}

# trial_outcome VARIANT RUNDIR INPUTS - as an object. outcome is ok, caught, or null
# when the trial showed neither: a guest that never came to its plan, that hung without
# a word, or that could not do the plan. faults is how many were seen.
trial_outcome()
{
	local dir=$2

	trial_records "$dir" | jq -s --arg variant "$1" --arg inputs "$3" \
		--rawfile complaints <(complaints "$dir") \
		--arg failed "$(cat -- "$dir/failed" 2>/dev/null || true)" '
		def lines: split("\n") | map(select(. != ""));
		def where: if (.op // 0) > 0 then "operation \(.op) of CPU \(.cpu): " else "" end;
		def of(t): map(select(.type == t));
		def few: if length <= 4 then .[] else .[0:4][], "and \(length - 4) more" end;
		# In the order they came; consoles can be long.
		def kinds: to_entries | group_by(.value) | map(min_by(.key)) | sort_by(.key) | map(.value);
		. as $all | ($complaints | lines) as $complaints
		# Whoever asked for what there is not has found nothing.
		| (of("error") | map(select(.workload and .errno != -22 and .errno != -95))) as $errors
		| (of("error") - $errors) as $refused
		| (of("sample") | map(select(.mismatches > 0))) as $wrong
		| ([($errors[] | where + .what), ($wrong[] | "\(.mismatches) mismatches of \(.workload)")]) as $found
		| (($found + $complaints) | length) as $faults
		| { v: 1, variant: $variant, faults: $faults } +
		  if of("start") == [] then
			{ outcome: null, reason: "the guest did not come to its plan: \($failed)" }
		  elif $faults > 0 then
			{ outcome: "caught", reason: ([$found[0:1][], ($complaints | kinds | few)] | join("; ")) }
		  elif $refused != [] then
			{ outcome: null, reason: "the plan could not be done: \($refused[0].what)" }
		  elif of("end") == [] then { outcome: null, reason: "not known: \($failed)" }
		  elif (of("point") | length) > (of("sample") | length) then
			{ outcome: null, reason: "a point of the plan has no result" }
		  else { outcome: "ok", reason: ([(of("sample")[]
				| "\(.ops_done) operations of \(.workload)"), "nothing wrong"] | join(", ")) }
		  end + { inputs: $inputs }
		# A console may say anything.
		| .reason |= gsub("[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]"; "?")'
}
