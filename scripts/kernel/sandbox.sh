# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# sandbox.sh - a stranger's Makefiles run in bubblewrap: without network, without the
# user's files, and able to write to the directories they build in only. Sourced after lib.sh.
#
# VB_SANDBOX: auto (the default) uses it where it works and says so where it does not; on
# demands it; off does without.

# What sandboxed puts in front of a command, the source, and the directories that it may
# write to. Empty: commands run as they are.
SANDBOX=() SANDBOX_TREE='' SANDBOX_WRITES=()

# sandbox_system - sets SANDBOX: the system, and nothing of the user's but programs that
# PATH has elsewhere. Whoever is root here owns what is in /proc/sys, capabilities or not:
# close_sandbox makes /proc read-only.
sandbox_system()
{
	local dir dirs

	SANDBOX=(bwrap --unshare-user --disable-userns --cap-drop ALL --unshare-net --unshare-pid
		--unshare-ipc --unshare-cgroup-try --die-with-parent --new-session
		--ro-bind /usr /usr --ro-bind-try /opt /opt)
	for dir in /bin /sbin /lib /lib32 /lib64 /libx32; do
		if [[ -L $dir ]]; then
			SANDBOX+=(--symlink "$(readlink -- "$dir")" "$dir")
		else
			SANDBOX+=(--ro-bind-try "$dir" "$dir")
		fi
	done
	for dir in alternatives ccache.conf group ld.so.cache ld.so.conf ld.so.conf.d localtime passwd perl python3 ssl/openssl.cnf; do
		SANDBOX+=(--ro-bind-try "/etc/$dir" "/etc/$dir")
	done
	SANDBOX+=(--dev /dev --proc /proc --tmpfs /tmp --setenv HOME /tmp --setenv TMPDIR /tmp)
	IFS=: read -ra dirs <<<"$PATH"
	for dir in "${dirs[@]}"; do
		# Not a directory that holds more than programs.
		[[ $dir == /* && $dir != /usr/* && -d $dir ]] || continue
		! in_home "$dir" || continue
		case :${HOME:-}/:/tmp/:/run/:/proc/:/dev/: in
		*":${dir%/}/"*) ;;
		*) SANDBOX+=(--ro-bind "$dir" "$dir") ;;
		esac
	done
}

# in_home PATH - is it below the user's home? That is not in the sandbox.
in_home()
{
	[[ -n ${HOME:-} && $1 == "${HOME%/}"/* ]]
}

# close_sandbox - no directory that was made on the way to another can be written to.
close_sandbox()
{
	SANDBOX+=(--remount-ro /proc --remount-ro /)
}

# try_sandbox - does it work here? Prints why not.
try_sandbox()
{
	local SANDBOX tool

	# The kernel's key names those that we see.
	for tool in gcc ld pahole; do
		! in_home "$(command -v "$tool")" || { printf '%s is in your home directory' "$tool"; return 1; }
	done
	command -v bwrap >/dev/null || { printf 'bwrap is not there: install bubblewrap'; return 1; }
	sandbox_system
	close_sandbox
	"${SANDBOX[@]}" true 2>&1 >/dev/null </dev/null
}

# need_sandbox WHAT - is WHAT to be built in one? Says once if it cannot be, or ends us if
# it has to be.
need_sandbox()
{
	local why

	case ${VB_SANDBOX:-auto} in
	off) return 1 ;;
	auto | on) ;;
	*) usage_error "VB_SANDBOX: $VB_SANDBOX is none of auto, on, off" ;;
	esac
	why=$(try_sandbox) && return 0
	why=${why%%$'\n'*}
	[[ ${VB_SANDBOX:-auto} != on ]] ||
		die "VB_SANDBOX=on, and there is no sandbox (${why:-bwrap failed}): $1 is not built"
	[[ -n ${VB_SANDBOX_SAID:-} ]] ||
		info "no sandbox here (${why:-bwrap failed}): the Makefiles of $1 run with your permissions; VB_SANDBOX=on refuses that, VB_SANDBOX=off silences this"
	export VB_SANDBOX_SAID=1
	return 1
}

# confine NAME TREE READS WRITES... - from now on sandboxed runs commands so that they see
# TREE and the directory READS (either may be ''), and can write to the directories WRITES only. A compiler
# cache beside TREE is theirs: from that of our own builds they read.
confine()
{
	local name=$1 tree=$2 reads=$3 dir readonly=CCACHE_READONLY
	shift 3

	need_sandbox "$name" || return 0
	sandbox_system
	for dir in "$tree" ${reads:+"$reads"} "$VB_TOP"/{scripts,kernel-patches,module,bpf}; do
		[[ ! -d $dir ]] || SANDBOX+=(--ro-bind "$dir" "$dir")
	done
	if [[ -n $tree && -n ${CCACHE_DIR:-} ]]; then
		mkdir -p -- "$CCACHE_DIR" "$tree.ccache" || die "cannot write to $CCACHE_DIR or $tree.ccache"
		# Of what is no kernel of ours little is there: no preprocessing to look for it.
		! is_foreign "$name" || readonly+=_DIRECT
		SANDBOX+=(--ro-bind "$CCACHE_DIR" "$CCACHE_DIR" --bind "$tree.ccache" "$tree.ccache"
			--setenv "$readonly" 1 --setenv CCACHE_TEMPDIR /tmp/ccache
			--setenv CCACHE_PREFIX "$VB_TOP/scripts/kernel/ccache-own.sh" --setenv VB_OWN_CCACHE "$tree.ccache")
	fi
	for dir in "$@"; do
		# A commit may have a link of that name.
		[[ ! -L $dir ]] || die "$name: $dir is a symbolic link: it cannot be built there"
		mkdir -p -- "$dir" || die "cannot write to $dir"
		SANDBOX+=(--bind "$dir" "$dir")
	done
	close_sandbox
	SANDBOX_TREE=$tree SANDBOX_WRITES=("$@")
	settle
}

# settle - what is in directories that a stranger's Makefiles write to is fit for us. A link that
# leads out of one would have us read and write elsewhere, a file with another name
# elsewhere would have them.
settle()
{
	local dir real file

	for dir in "${SANDBOX_WRITES[@]}"; do
		real=$(realpath -- "$dir")
		while IFS= read -r -d '' file; do
			[[ ! -L $file || $(realpath -m -- "$file") != "$real"/* ]] || continue
			[[ $file != "$dir/source" || $(realpath -m -- "$file") != "$(realpath -- "$SANDBOX_TREE")" ]] || continue
			info "removing ${file//[![:print:]]/?}, which is neither a file, a directory nor a link that stays in $dir"
			rm -f -- "$file" || die "cannot write to $dir"
		done < <(find "$dir" ! -type f ! -type d -print0)
		find "$dir" -type f -perm /6000 -exec chmod ug-s -- {} + ||
			die "$dir cannot be read: remove it"
		[[ -n $(find "$dir" -type f -links +1 -print -quit) ]] || continue
		if ! rm -rf -- "$dir.own" || ! cp -a --no-preserve=links -- "$dir" "$dir.own" ||
			! rm -rf -- "$dir" || ! mv -T -- "$dir.own" "$dir"; then
			die "cannot write to $dir"
		fi
	done
}

# sandboxed COMMAND... - run it where confine has said, in the current directory if it may write
# there; as it is unless confine was called. Its environment is what a build reads, and what
# ccache takes for a reason to compile again.
sandboxed()
{
	local rc=0 name dir at=/ vars=()

	((${#SANDBOX[@]})) || { "$@"; return; }
	for name in $(compgen -e); do
		case $name in
		CCACHE_*STORAGE* | CCACHE_CONFIGPATH | CCACHE_LOGFILE | CCACHE_DEBUG*) ;;
		PATH | LANG | LANGUAGE | LC_* | GCC_COLORS | TZ | GIT_DIR | PAHOLE | CCACHE_* | VB_*) vars+=("$name=${!name-}") ;;
		esac
	done
	for dir in "${SANDBOX_WRITES[@]}"; do
		[[ $PWD/ != "$dir"/* ]] || at=$PWD
	done
	settle
	(
		# An open directory would be a way out, and a terminal one in.
		[[ ! -t 0 ]] || exec </dev/null
		for name in /proc/"$BASHPID"/fd/*; do
			name=${name##*/}
			((name <= 2)) || eval "exec $name>&-"
		done
		exec env -i "${vars[@]}" "${SANDBOX[@]}" --chdir "$at" "$@"
	) || rc=$?
	settle
	return "$rc"
}
