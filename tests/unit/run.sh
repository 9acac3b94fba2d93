#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# run.sh PROGRAM... - run cmocka programs as TAP, then print one total.
# Exit code: 0 all passed, 1 a test failed, or a program ended without a result.

passed=0
failed=0
for program in "$@"; do
	echo "# $(basename "$program")"
	rc=0
	out=$(CMOCKA_MESSAGE_OUTPUT=TAP "$program" 2>&1) || rc=$?
	printf '%s\n' "$out"
	good=$(printf '%s\n' "$out" | grep -c '^ok ')
	bad=$(printf '%s\n' "$out" | grep -c '^not ok ')
	# A crash prints no "not ok"; neither does a program without tests.
	if [ "$rc" -ne 0 ] && [ "$bad" -eq 0 ] || [ $((good + bad)) -eq 0 ]; then
		echo "not ok - $(basename "$program") ended with status $rc"
		bad=$((bad + 1))
	fi
	passed=$((passed + good))
	failed=$((failed + bad))
done
echo "unit: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
