# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# store.sh - what finished boots of a deterministic machine left, kept under the hash of
# all that determines it, so that no boot is computed twice. Sourced after machines.sh
# and snapshot.sh.
#
# An entry is a directory: the records, compressed, and sum, their hashes; also plan and
# how.json, with which tests compute it again. It appears in one rename. VB_STORE is another
# directory for them, or off: then none is taken or stored.

STORE=${VB_STORE:-$VB_CACHE/boots}
# Least recently used entries go beyond this size.
STORE_MB=${VB_STORE_MB:-2048}
[[ $STORE_MB =~ ^(0|[1-9][0-9]{0,8})$ ]] ||
	die "VB_STORE_MB: ${STORE_MB@Q} is not a whole number of MB: set it to one, or leave it unset for 2048"
# What a guest and the simulator leave; host times (speed.jsonl) are of one run only.
STORED_FILES=(events.jsonl console.log clock.jsonl profile.raw stacks.raw)

# qemu_program QEMU - the program itself, where QEMU is the wrapper of a private one.
qemu_program()
{
	local program

	program=$(dirname -- "$1")/root/usr/bin/qemu-system-x86_64
	[[ -e $program ]] || program=$1
	printf '%s' "$program"
}

# store_key QEMU - the hash of the inputs of this boot.
store_key()
{
	local inputs program points

	inputs=$(qemu_inputs "$1") && program=$(sha256sum <"$(qemu_program "$1")") &&
		points=$(sha256sum <"$PLAN") || return 2
	{
		printf 'store 1\n%s\nprogram %s\n' "$inputs" "$program"
		printf 'compiler %s\n' "$(gcc --version | sed -n 1p)"
		qemu_options
		printf 'variant %s\nrooms %s %s\nhomes %s\n' "$VARIANT" "$PLAN_ROOM" "$NAME_ROOM" "$(topology_homes)"
		printf 'plan %s\n' "$points"
		if [[ $COSTS == none ]]; then
			printf 'costs none\n'
		else
			printf 'costs %s\n' "$(costs_text "$COSTS" | sha256sum)"
		fi
		printf 'stacks %s\narch %s\n' "$STACKS" "$KERNEL_ARCH"
	} | sha256sum | cut -c1-32
}

# Is there a run in OUT/before?
BEFORE=false

# store_enabled - are boots of this machine stored? Only where they are the same each time.
store_enabled()
{
	[[ $STORE != off ]] && machine_has_snapshots
}

# recomputes FRESH - is a boot to be computed whether it is there or not? Bytes can be demanded
# only of machines that are the same each time.
recomputes()
{
	$1 && machine_has_snapshots
}

# lock_stored KEY - one of two runs that need the same boot waits for the other.
lock_stored()
{
	mkdir -p -- "$STORE" 2>/dev/null || die "cannot make $STORE"
	{ exec 5>"$STORE/$1.lock"; } 2>/dev/null || die "cannot write to $STORE"
	flock -n 5 || info "$VARIANT: waiting for the same boot in another run"
	# In pieces, between which a signal is taken.
	until flock -w 1 5; do
		:
	done
}

# stored_whole KEY - is the entry there and as it was stored? A damaged one goes.
stored_whole()
{
	[[ -d $STORE/$1 ]] || return 1
	! (cd -- "$STORE/$1" && sha256sum --check --quiet --strict sum >/dev/null 2>&1) || return 0
	info "$VARIANT: the stored boot $STORE/$1 is damaged: it is computed again"
	rm -rf -- "${STORE:?}/$1"
	return 1
}

# unpack_stored KEY DIR - its files to DIR.
unpack_stored()
{
	local file

	for file in "$STORE/$1"/*.gz; do
		gzip -dc -- "$file" >"$2/$(basename -- "$file" .gz)" 2>/dev/null || return 1
	done
}

# take_stored KEY - the records of that boot to OUT; fails when it is not stored.
take_stored()
{
	local start=$EPOCHREALTIME file

	stored_whole "$1" || return 1
	if ! unpack_stored "$1" "$OUT"; then
		for file in "${STORED_FILES[@]}"; do
			rm -f -- "$OUT/$file"
		done
		# Another run may have pruned it meanwhile: then it is computed.
		! stored_whole "$1" || die "cannot write to $OUT: no space left?"
		return 1
	fi
	touch -c -- "$STORE/$1" 2>/dev/null || true
	info "$VARIANT: a stored boot: $STORE/$1"
	note_time stored "$start"
}

# pack_boot DIR - what is in OUT, compressed, and the hashes.
pack_boot()
{
	local file

	for file in "${STORED_FILES[@]}"; do
		[[ ! -e $OUT/$file ]] || gzip -1nc -- "$OUT/$file" >"$1/$file.gz" || return 1
	done
	(cd -- "$1" && sha256sum -- *.gz >sum)
}

# how_json START - the options of run-guest.sh for this boot, but for --plan and --out, and how
# many seconds it has taken.
how_json()
{
	local args=(--machine "$MACHINE" --variant "$VARIANT" --kernel "$KERNEL" --initrd "$INITRD"
		--cpus "$CPUS" --mem "$MEM" --costs "$COSTS" --append "$APPEND" --stall "$STALL")

	[[ -z $STACKS ]] || args+=(--stacks "$STACKS")
	[[ -z $MODULE ]] || args+=(--module "$(realpath -- "$MODULE")")
	jq -n --argjson s "$(((${EPOCHREALTIME/./} - ${1/./}) / 1000000))" \
		'{ v: 1, seconds: $s, options: $ARGS.positional }' --args -- "${args[@]}"
}

# put_stored KEY START - the finished boot in OUT, begun at START, into the store. A store that cannot be written
# costs time, not records.
put_stored()
{
	local tmp

	rm -rf -- "$STORE/.new.$1".*
	tmp=$(mktemp -d -- "$STORE/.new.$1.XXXXXX" 2>/dev/null) || return 0
	if pack_boot "$tmp" 2>/dev/null && cp -- "$OUT/plan" "$tmp/plan" 2>/dev/null &&
		how_json "$2" >"$tmp/how.json" 2>/dev/null && mv -T -- "$tmp" "$STORE/$1" 2>/dev/null; then
		prune_store
	else
		rm -rf -- "$tmp"
		info "$VARIANT: this boot could not be stored in $STORE: no space left?"
	fi
}

# prune_store - the least recently used entries beyond STORE_MB, and what a run that was
# killed a day ago has left.
prune_store()
{
	local path

	find "$STORE" -ignore_readdir_race -mindepth 1 -maxdepth 1 -type d ! -name '.new.*' -printf '%T@ %p\n' |
		sort -rn | while read -r _ path; do
		printf '%s %s\n' "$(du -sk -- "$path" 2>/dev/null | cut -f1)" "$path"
	done | awk -v limit="$((STORE_MB * 1024))" '{ sum += $1 } sum > limit { sub(/^[0-9]* /, ""); print }' |
		while IFS= read -r path; do
			rm -rf -- "$path" "$path.lock"
		done
	find "$STORE" -ignore_readdir_race -mindepth 1 -maxdepth 1 -mtime +0 \
		\( -name '*.lock' -o -name '.new.*' \) -exec rm -rf -- {} +
}

# differing_files DIR FILE... - those of them that are not the same bytes in OUT and DIR.
differing_files()
{
	local dir=$1 file differs=''
	shift

	for file in "$@"; do
		[[ -e $OUT/$file || -e $dir/$file ]] || continue
		cmp -s -- "$OUT/$file" "$dir/$file" || differs+=${differs:+ }$file
	done
	printf '%s' "$differs"
}

# audit_stored KEY - the boot in OUT was computed though it is stored: the bytes have to be
# the same. Ends the script with 2, both kept, when they are not.
audit_stored()
{
	local differs

	stored_whole "$1" || return 0
	rm -rf -- "$OUT/stored"
	if ! mkdir -- "$OUT/stored" || ! unpack_stored "$1" "$OUT/stored"; then
		die "cannot write to $OUT: no space left?"
	fi
	differs=$(differing_files "$OUT/stored" "${STORED_FILES[@]}")
	[[ -z $differs ]] || die "$VARIANT: the boot differs from the stored one in $differs: compare $OUT with $OUT/stored"
	rm -rf -- "$OUT/stored"
	info "$VARIANT: the same bytes as the stored boot $1"
}

# move_files FROM TO - all files of a run's directory, but for the command that is to come.
move_files()
{
	find "$1" -mindepth 1 -maxdepth 1 -type f ! -name qemu-cmd.new -exec mv -t "$2" -- {} +
}

# set_before - OUT has a whole run that is computed again: it stays, in OUT/before.
set_before()
{
	rm -rf -- "$OUT/before"
	{ mkdir -- "$OUT/before" && move_files "$OUT" "$OUT/before"; } 2>/dev/null ||
		die "cannot write to $OUT: no space left?"
	BEFORE=true
}

# take_back - the run that was to be computed again is there as before.
take_back()
{
	$BEFORE || return 0
	move_files "$OUT/before" "$OUT" && rmdir -- "$OUT/before"
}

# audit_before - the same of the run that was there: its entry in the store may have gone. What
# the simulator wrote by address is readable there: see audit_readable.
audit_before()
{
	local differs

	$BEFORE || return 0
	differs=$(differing_files "$OUT/before" events.jsonl console.log clock.jsonl)
	[[ -z $differs ]] || before_differs "$differs"
}

# audit_readable - the rest of it, once OUT is readable, too.
audit_readable()
{
	local file differs kept=()

	$BEFORE || return 0
	for file in profile.jsonl stacks.jsonl; do
		[[ ! -e $OUT/before/$file ]] || kept+=("$file")
	done
	differs=$(differing_files "$OUT/before" ${kept[@]+"${kept[@]}"})
	[[ -z $differs ]] || before_differs "$differs"
	rm -rf -- "$OUT/before"
	info "$VARIANT: the same bytes as the boot that was there"
}

# before_differs FILES - ends the script; both boots stay.
before_differs()
{
	die "$VARIANT: the boot differs from the one that was there in $1: compare $OUT with $OUT/before"
}
