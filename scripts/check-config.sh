#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check-config.sh - did every symbol of the fragments survive olddefconfig?

# shellcheck source=scripts/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
VB_NAME=check-config

usage()
{
	cat <<'END'
Usage: scripts/check-config.sh [-h] CONFIG FRAGMENT...

Check that CONFIG has each value that the fragments ask for; where two
fragments name a symbol, the last one counts. Symbols that did not stick are
named on stderr, one a line. Exit codes: 0 all there, 1 not, 2 usage error.
END
}

main()
{
	local config

	case ${1:-} in
	-h | --help) usage; exit 0 ;;
	'' | -*) usage_error "which .config?" ;;
	esac
	(($# >= 2)) || usage_error "which fragments?"
	config=$1
	shift

	awk -F= -v config="$config" '
	FILENAME == config { if (/^CONFIG_/) have[$1] = substr($0, length($1) + 2); next }
	/^CONFIG_/ { want[$1] = substr($0, length($1) + 2); from[$1] = FILENAME }
	END {
		for (s in want) {
			got = (s in have) ? have[s] : "n"
			if (got != want[s]) {
				sub(/.*\//, "", from[s])
				printf "%s: asked for %s=%s, got %s\n", from[s], s, want[s], got
				bad = 1
			}
		}
		exit bad
	}' "$config" "$@" | sort >&2
}

main "$@"
