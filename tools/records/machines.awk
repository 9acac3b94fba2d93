# SPDX-License-Identifier: GPL-2.0
#
# machines.awk - the files of scripts/run/machines as entries of a table in C: a machine's
# name, what executes its guests' instructions, and is it deterministic?

# entry() - of the file that was read to its end.
function entry()
{
	if (name == "") return
	if (accel == "") {
		printf "machines.awk: %s: no \"-accel NAME\"\n", name | "cat >&2"
		exit failed = 1
	}
	printf "\t{ \"%s\", \"%s\", %d },\n", name, accel, icount
}

FNR == 1 {
	entry()
	name = FILENAME
	sub(/.*\//, "", name)
	sub(/\.sh$/, "", name)
	accel = ""
	icount = 0
}

match($0, /"-accel [a-z]+/) { accel = substr($0, RSTART + 8, RLENGTH - 8) }
/"-icount / { icount = 1 }

END { if (!failed) entry() }
