# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
#
# snapshot.sh - boot a guest once for each kernel and number of CPUs, and keep
# its state from the moment before it asks what to do. Sourced by run-guest.sh,
# after watchdog.sh.
#
# A snapshot is a directory in the cache: state (QEMU's migration stream) and
# console.log of the boot. Its name is a hash of all that could
# make the boot another one.

# So many are kept, those used last.
SNAPSHOTS_KEPT=20

# snapshot_dir QEMU - where the snapshot of this guest is, or would be.
snapshot_dir()
{
	local key inputs

	inputs=$(qemu_inputs "$1") || return 2
	key=$({ printf '%s\n' "$inputs"; qemu_options; echo "$PLAN_ROOM $NAME_ROOM"; } | sha256sum | cut -c1-16)
	printf '%s' "$VB_CACHE/snapshots/$VARIANT-$CPUS-$key"
}

# qmp COMMAND [ARGUMENTS] - tell QEMU something; the answer is in qmp.out.
qmp()
{
	printf '{"execute":"%s"%s}\n' "$1" "${2:+,\"arguments\":$2}" >&7
}

# qmp_said PATTERN - has QEMU said that?
qmp_said()
{
	grep -qE "$1" "$BOOT/qmp.out" 2>/dev/null
}

# at_snapshot_point - the plugin has asked QEMU to pause, and it has.
at_snapshot_point()
{
	[[ -s $BOOT/stopped ]] || return 1
	qmp query-status
	qmp_said '"status": "paused"'
}

# save_state - of the paused guest, to $BOOT/state.
save_state()
{
	local i

	qmp migrate-set-capabilities '{"capabilities":[{"capability":"events","state":true}]}'
	# Nothing else wants the disk: as fast as it can.
	qmp migrate-set-parameters '{"max-bandwidth":10737418240}'
	qmp migrate "{\"uri\":\"file:$BOOT/state\"}"
	for ((i = 0; i < 1200; i++)); do
		! qmp_said '"status": "completed"' || return 0
		! qmp_said '"status": "failed"|"error":' || return 1
		kill -0 "$QEMU_PID" 2>/dev/null || return 1
		sleep 0.1
	done
	return 1
}

# prune_snapshots - the least recently used ones go, and what somebody who was
# killed a day or more ago has left.
prune_snapshots()
{
	local dir

	# Others make and remove theirs meanwhile.
	find "$VB_CACHE/snapshots" -ignore_readdir_race -mindepth 1 -maxdepth 1 -type d ! -name '*.new.*' -printf '%T@ %p\n' |
		sort -rn | tail -n "+$((SNAPSHOTS_KEPT + 1))" | cut -d' ' -f2- |
		while IFS= read -r dir; do
			rm -rf -- "$dir"
		done
	find "$VB_CACHE/snapshots" -ignore_readdir_race -mindepth 1 -maxdepth 1 -mtime +0 \
		\( -name '*.lock' -o -name '*.new.*' \) -exec rm -rf -- {} +
}

# boot_to_snapshot DIR QEMU - make the snapshot DIR. The boot is watched like
# any run: a guest that fails in it is a guest that failed.
boot_to_snapshot()
{
	local dir=$1 qemu=$2 done_at=$SECONDS

	info "$VARIANT: booting with $CPUS CPUs, once for a snapshot"
	# Also what somebody who was killed has left: we have the lock.
	rm -rf -- "$dir".new.*
	BOOT=$dir.new.$$
	mkdir -p -- "$BOOT" || die "cannot make $BOOT"
	trap 'rm -rf -- "$BOOT"' EXIT
	if ! {
		write_qemu_cmd "$qemu" "$dir" true >"$BOOT/qemu-cmd" && cp -- "$PLAN" "$BOOT/plan" &&
			: >"$OUT/console.log" && ln -s "$OUT/console.log" "$BOOT/console.log" &&
			mkfifo "$BOOT/qmp.in"
	} 2>/dev/null; then
		die "cannot write to $BOOT or $OUT: no space left?"
	fi
	# Open for reading too: neither end waits for the other to open it.
	exec 7<>"$BOOT/qmp.in"
	setpriv --pdeathsig KILL sh "$BOOT/qemu-cmd" "$BOOT" <"$BOOT/qmp.in" \
		>"$BOOT/qmp.out" 2>"$OUT/qemu.err" 5>&- 7>&- 9>&- &
	QEMU_PID=$!
	qmp qmp_capabilities
	follow at_snapshot_point || explain_end
	if ! save_state; then
		end_qemu
		! no_space "$BOOT/state" || die "no space left on the disk of $dir"
		cp -- "$BOOT/qmp.out" "$OUT/qmp.out" 2>/dev/null || true
		die "$VARIANT: the guest's state could not be saved" "$OUT/qmp.out"
	fi
	qmp quit
	wait "$QEMU_PID" 2>/dev/null || true
	QEMU_PID=
	exec 7>&-
	rm -f -- "$BOOT"/{console.log,qmp.in,qmp.out,stopped,qemu-cmd,plan,{plan,variant}.padded,events.jsonl.part}
	cp -- "$OUT/console.log" "$BOOT/console.log" || die "cannot write to $BOOT: no space left?"
	rm -f -- "$OUT/console.log"
	rm -rf -- "$dir"
	mv -T -- "$BOOT" "$dir" || die "cannot make $dir"
	trap - EXIT
	prune_snapshots || true
	verbose "$VARIANT: snapshot after $((SECONDS - done_at)) s: $dir"
}

# need_snapshot QEMU - make it unless it is there. Two runs that need the same
# one do not make it twice.
need_snapshot()
{
	local qemu=$1 dir=$SNAPSHOT

	mkdir -p -- "$VB_CACHE/snapshots" || die "cannot make $VB_CACHE/snapshots"
	touch -- "$dir.lock" 2>/dev/null || die "cannot write to $VB_CACHE/snapshots"
	exec 9>"$dir.lock"
	flock -n 9 || info "$VARIANT: waiting for a snapshot that another run makes"
	# In pieces, between which a signal is taken.
	until flock -w 1 9; do
		:
	done
	if [[ -s $dir/state && -e $dir/console.log ]]; then
		touch -c -- "$dir" 2>/dev/null || true
	else
		boot_to_snapshot "$dir" "$qemu"
	fi
	exec 9>&-
}

# snapshot_broken - QEMU could not read it: it is removed, or it would stand in
# the way for ever.
snapshot_broken()
{
	[[ -n $SNAPSHOT ]] || return 1
	grep -qs 'load of migration failed' "$OUT/qemu.err" || return 1
	rm -rf -- "$SNAPSHOT"
}
