# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# verdicts.bash - what a program said and how it ended, for suites of tables and of the
# gate. Loaded after common.bash or host-tools.bash; a test has a directory of its own.

# exits CODE COMMAND... - its exit code has to be that; shown and err hold what it said.
exits()
{
	local code=$1
	shift
	status=0
	"$@" >shown 2>err || status=$?
	[ "$status" -eq "$code" ] || { echo "exit $status, not $code"; cat shown err; return 1; }
}

# compare CODE ARGS... - vmapbench compare has to exit with that.
compare()
{
	exits "$1" "$TOP/scripts/vmapbench" compare --out out "${@:2}"
}

# claim CODE ARGS... - vmapbench claim has to exit with that.
claim()
{
	exits "$1" "$TOP/scripts/vmapbench" claim "${@:2}"
}

# says TEXT - on stderr.
says()
{
	grep -qF -- "$1" err || { echo "not said: $1"; cat err; return 1; }
}

# shows REGEX - in the output.
shows()
{
	grep -qE -- "$1" shown || { echo "not shown: $1"; cat shown; return 1; }
}

# reads REGEX - in the output, its lines put together.
reads()
{
	# To the end: a reader that leaves early fails the pipe.
	tr -s ' \n' ' ' <shown | grep -E -- "$1" >/dev/null || { echo "not shown: $1"; cat shown; return 1; }
}

# json JQ - holds of the comparison.
json()
{
	jq -e "$1" out/compare.json >/dev/null || { echo "does not hold: $1"; return 1; }
}
