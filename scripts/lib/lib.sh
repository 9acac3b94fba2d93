# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# lib.sh - what every script shares: where things are, how they speak, how
# they fail. Sourced, never run.
#
# Exit codes: 0 done, 1 a check failed, 2 usage or environment error.

set -euo pipefail

# Of the user's settings, those that change what cd prints and how tools read options.
set +o posix
unset CDPATH POSIXLY_CORRECT
# A closed stderr would be the next file that is opened.
{ : >&2; } 2>/dev/null || exec 2>/dev/null

VB_TOP=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
# absolute NAME... - variables with paths, for programs that run elsewhere.
absolute()
{
	local name

	for name in "$@"; do
		[[ ${!name:-/} == /* ]] || printf -v "$name" '%s' "$PWD/${!name}"
	done
}

[[ ${VB_STORE:-off} == off ]] || absolute VB_STORE
absolute VB_RESULTS VMAPBENCH_CACHE XDG_CACHE_HOME HOME
# Campaigns are kept here; the first of the two places written to.
# shellcheck disable=SC2034
RESULTS=${VB_RESULTS:-$VB_TOP/results}
# All that can be made again lives here; the second of the two places written to.
VB_BUILD=${VB_BUILD:-$VB_TOP/build}
# Kernels, sources, ccache and a private QEMU outlive the checkout.
VB_CACHE=${VMAPBENCH_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/vmapbench}
absolute VB_BUILD VB_CACHE
export VB_TOP VB_BUILD VB_CACHE

# One spelling of sort orders and numbers, whatever the user's locale is.
export LC_ALL=C

# info TEXT... - what is being done, on stderr: stdout belongs to results.
info()
{
	printf '%s: %s\n' "${VB_NAME:-vmapbench}" "$*" >&2 || true
}

# verbose TEXT... - said with V=1 only.
verbose()
{
	[[ ${V:-0} == 0 ]] || info "$*"
}

# die TEXT [LOG] - one line that says what went wrong and where to read on.
die()
{
	local text=$1 log=${2:-}

	printf '%s: error: %s%s\n' "${VB_NAME:-vmapbench}" "$text" "${log:+ (log: $log)}" >&2 || true
	exit 2
}

# usage_error TEXT - a wrong option or argument.
usage_error()
{
	printf '%s: %s (try --help)\n' "${VB_NAME:-vmapbench}" "$1" >&2 || true
	exit 2
}

# plain_lines - standard input without what a terminal obeys: guests say what they like.
plain_lines()
{
	tr -d '\r' | tr -c '[:print:]\n\t' '?'
}

# note_time KIND START - how long something took since $EPOCHREALTIME was START, for the
# table at the end of tests/run.sh. Many stored boots take less than a second.
note_time()
{
	local ms=$(((${EPOCHREALTIME/./} - ${2/./}) / 1000))

	[[ -z ${VB_TIMES:-} ]] ||
		printf '%s\t%d.%03d\t%s\n' "$1" $((ms / 1000)) $((ms % 1000)) "${VB_SUITE:-}" >>"$VB_TIMES"
}

# made_of OUT KEY - is OUT there, made of what KEY says? note_key writes that down.
made_of()
{
	[[ -s $1 && $(cat -- "$1.key" 2>/dev/null) == "$2" ]]
}

# note_key OUT KEY
note_key()
{
	printf '%s\n' "$2" >"$1.key" || die "cannot write $1.key"
}

# build_alone OUT - until this shell ends, other runs that build OUT wait.
build_alone()
{
	local lock

	# Lanes of tests share the programs of tools/ by a link.
	lock=$(realpath -m -- "$1").lock
	{ mkdir -p -- "${lock%/*}" && exec 7>"$lock"; } || die "cannot write to $lock"
	flock 7
}

# end_group LEADER TICKER - what run_logged has started.
end_group()
{
	kill "$2" 2>/dev/null || true
	kill -TERM -- "-$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

# run_logged WHAT LOG COMMAND... - run COMMAND with its output in LOG, saying
# every 10 seconds that it is still at it. With V=1 the output is shown too.
# Returns the command's status. COMMAND may be a function; as bash ignores
# "set -e" inside one whose status is looked at, it has to chain with &&. Ctrl-C ends
# COMMAND and all that it has started.
run_logged()
{
	local what=$1 log=$2 start=$SECONDS began=$EPOCHREALTIME pid ticker rc=0 traps
	shift 2

	mkdir -p -- "$(dirname -- "$log")"
	info "$what ..."
	if [[ ${V:-0} != 0 ]]; then
		"$@" 2>&1 | tee -- "$log" >&2 || rc=$?
		return "$rc"
	fi
	traps=$(trap -p INT TERM HUP)
	# A group of its own: what bash starts in the background is deaf to Ctrl-C.
	set -m
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	set +m
	trap 'end_group "$pid" "$ticker"; exit 130' INT
	trap 'end_group "$pid" "$ticker"; exit 143' TERM
	trap 'end_group "$pid" "$ticker"; exit 129' HUP
	(
		trap 'kill "$nap"; exit 0' TERM
		while :; do
			sleep 10 &
			nap=$!
			wait "$nap"
			info "$what ... $((SECONDS - start)) s, $(wc -l <"$log") lines of log"
		done
	) >&2 7>&- 9>&- &	# nothing of it must outlive us with our output or locks
	ticker=$!
	wait "$pid" || rc=$?
	trap - INT TERM HUP
	eval "$traps"
	kill "$ticker" 2>/dev/null || true
	wait "$ticker" 2>/dev/null || true
	note_time build "$began"
	[[ $rc -ne 0 ]] || verbose "$what: done in $((SECONDS - start)) s"
	return "$rc"
}

# first_error LOG - the line of a build log a reader looks for first: what compilers, make
# and apt say, what kconfig and check-config.sh say, or else the last one with a word.
first_error()
{
	grep -m1 -E 'No space left|error:|\*\*\*|FAILED|^E: |^([^ :]*Kconfig[^ :]*|<none>):[0-9]+: |asked for CONFIG_' -- "$1" ||
		grep '[[:alnum:]]' -- "$1" | tail -n 1
}

# host_fault LOG - is what went wrong there the fault of this machine? A program that bwrap
# cannot run is one of the source.
host_fault()
{
	local faults='^bwrap: |No space left|Disk quota exceeded|Cannot allocate memory'

	faults+='|(Killed|Terminated|Interrupt)$|Killed signal'
	grep -avE '^bwrap: execvp (/.*: (No such file|Exec format|Not a dir)|.*: Permission denied)' \
		-- "$1" | grep -aE "$faults" >/dev/null
}

# header_text FILE - the comment at the head of a script, from its description on.
header_text()
{
	sed -n '4,/^$/s/^# \{0,1\}//p' "$1"
}

# pack_tree ROOT - an archive for the kernel to unpack, on standard output: sorted,
# owned by root, as old as the epoch.
pack_tree()
{
	find "$1" -exec touch -h -d @0 {} +
	(cd "$1" && find . -mindepth 1 -print0 | sort -z |
		cpio --quiet -o -0 -H newc -R +0:+0 --reproducible)
}

# hash_files FILE... - one hash over names (without their directory) and contents. It fails where
# one of them cannot be read.
hash_files()
{
	local f sum sums=''

	if (($#)) && ! sums=$(sha256sum -- "$@" 2>/dev/null); then
		for f in "$@"; do
			sha256sum -- "$f" >/dev/null 2>&1 || die "$f cannot be read"
		done
		die "they cannot be read: $*"
	fi
	for f in "$@"; do
		# The sum of a file with an odd name has a backslash in front.
		read -r sum
		sum=${sum#\\}
		printf '%s %s\n' "${sum%% *}" "${f##*/}"
	done <<<"$sums" | sha256sum | cut -c1-16
}

# replace_file FROM TO - TO gets what is in FROM, in one step. What has its name is no way to
# write elsewhere, and a directory of that name is an error.
replace_file()
{
	rm -f -- "$2.new" && cp -T -- "$1" "$2.new" && mv -fT -- "$2.new" "$2"
}

# check_paths - before make or QEMU gets one of our directories: blanks, quotes and what else
# they or a shell read as more than a name end us.
check_paths()
{
	local name path

	for name in VB_TOP VB_BUILD VB_CACHE; do
		path=${!name}
		[[ $path =~ ^[A-Za-z0-9._+/@%=~$'\x80'-$'\xff'-]+$ ]] ||
			die "$path ($name): make and QEMU need a path without blanks and quotes"
	done
}

# check_environment - what every script needs of it.
check_environment()
{
	[[ -n ${VMAPBENCH_CACHE:-}${XDG_CACHE_HOME:-}${HOME:-} ]] ||
		die "HOME is not set: set VMAPBENCH_CACHE to a directory for kernels"
	[[ -d ${TMPDIR:-/tmp} && -w ${TMPDIR:-/tmp} ]] ||
		die "TMPDIR: ${TMPDIR:-/tmp} is not a writable directory: set TMPDIR to one"
}

check_environment
