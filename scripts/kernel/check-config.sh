#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# check-config.sh - did every symbol of the fragments survive olddefconfig?

# shellcheck source=scripts/lib/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/../lib/lib.sh"
VB_NAME=check-config

usage()
{
	cat <<'END'
Usage: scripts/kernel/check-config.sh [-h] [--tree TREE] CONFIG FRAGMENT...

Check that CONFIG has each value that the fragments ask for; where two
fragments name a symbol, the last one counts. Symbols that did not stick are
named on stderr, one a line. With --tree those that no Kconfig file in TREE
knows are printed instead, and nothing is wrong with them.
Exit codes: 0 all there, 1 not, 2 usage error.
END
}

# known_symbols TREE - one a line; nothing when TREE is empty.
known_symbols()
{
	[[ -n $1 ]] || return 0
	find "$1" \( -path "$1/build*" -o -path "$1/scripts/kconfig/tests" -o -path "$1/Documentation" \) -prune -o -type f -name 'Kconfig*' -print0 |
		xargs -0 sed -nE 's/^[ \t]*(menu)?config[ \t]+([A-Za-z0-9_]+)[ \t]*$/CONFIG_\2/p'
}

main()
{
	local config tree=''

	case ${1:-} in
	-h | --help) usage; exit 0 ;;
	--tree)
		[[ -f ${2:-}/Kconfig ]] || usage_error "--tree: there is no Kconfig in ${2:-}"
		tree=$2
		shift 2
		;;
	esac
	case ${1:-} in
	'' | -*) usage_error "which .config?" ;;
	esac
	(($# >= 2)) || usage_error "which fragments?"
	config=$1
	shift

	known_symbols "$tree" | awk -F= -v config="$config" -v tree="$tree" '
	FILENAME == "-" { known[$1]; next }
	FILENAME == config { if (/^CONFIG_/) have[$1] = substr($0, length($1) + 2); next }
	/^CONFIG_/ { want[$1] = substr($0, length($1) + 2); from[$1] = FILENAME }
	END {
		for (s in want) {
			got = (s in have) ? have[s] : "n"
			if (got == want[s]) continue
			if (tree != "" && !(s in known)) print s | "sort"
			else {
				sub(/.*\//, "", from[s])
				printf "%s: asked for %s=%s, got %s\n", from[s], s, want[s], got | "sort >&2"
				bad = 1
			}
		}
		exit bad
	}' - "$config" "$@"
}

main "$@"
