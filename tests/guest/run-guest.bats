#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# run-guest.bats - guests that end well, and the watchdog over those that do
# not. Every process that is ended here is a child of the test.

load ../lib/common

setup_file() {
	# These boots are to be computed.
	export VB_STORE=off
	export OUT=$VB_BUILD/test/run-guest
	rm -rf "$OUT"
	mkdir -p "$OUT"
	# Builds what is missing, and boots once.
	echo 'no-such-verb' | "$TOP/scripts/run/guest-run.sh" mainline "$OUT/first" 2>"$OUT/first.err" ||
		{ cat "$OUT/first.err" >&2; return 1; }
	KERNEL=$("$TOP/scripts/kernel/build-kernel.sh" mainline 2>/dev/null)
	export KERNEL INITRD=$VB_BUILD/guest/mainline-tests.cpio.gz
}

setup() {
	dir=$OUT/$BATS_TEST_NUMBER
	plan=$OUT/$BATS_TEST_NUMBER.plan
}

# A test that failed half-way leaves no guest behind.
teardown() {
	[ -z "${pid:-}" ] || kill -TERM "$pid" 2>/dev/null || true
}

# guest OPTIONS... - run-guest.sh with the test's plan, small. PREFIX goes
# before it.
guest() {
	${PREFIX:-} "$TOP/scripts/run/run-guest.sh" --kernel "$KERNEL" --initrd "$INITRD" --plan "$plan" \
		--cpus 2 --mem 256 --out "$dir" "$@"
}

# start OPTIONS... - the same in the background, in a process group of its
# own and with Ctrl-C not ignored, even if whoever runs the tests ignores it;
# its process id in $pid.
start() {
	set -m
	# exec, so that $pid is run-guest.sh itself and QEMU its child.
	PREFIX="exec env --default-signal=INT" guest "$@" >"$dir.err" 2>&1 3>&- &
	pid=$!
	set +m
}

# wait_for TEXT FILE - at most a minute.
wait_for() {
	for _ in $(seq 300); do
		! grep -qs "$1" "$2" || return 0
		sleep 0.2
	done
	echo "no '$1' in $2 after a minute"
	return 1
}

# qemu_of PID - the QEMU that run-guest.sh PID started.
qemu_of() {
	pgrep -P "$1" -f -- '-icount shift=0'
}

# gone PID - it leaves within five seconds. In a container that reaps nobody
# it stays a zombie.
gone() {
	for _ in $(seq 50); do
		[[ $(ps -o stat= -p "$1") == [^Z]* ]] || return 0
		sleep 0.1
	done
	return 1
}

@test "a complete run ends with the end record, and says what it did not know" {
	[ "$(tail -n 1 "$OUT/first/events.jsonl")" = '{"v":1,"type":"end"}' ]
	[ "$(head -n 1 "$OUT/first/events.jsonl" | jq -r .variant)" = mainline ]
	grep -q 'nothing does no-such-verb' "$OUT/first/events.jsonl"
	[ ! -e "$OUT/first/events.jsonl.part" ]
	[ -s "$OUT/first/console.log" ]
}

@test "qemu-cmd run by hand: the same bytes, and the record is left alone" {
	before=$(sha256sum "$OUT"/first/{events.jsonl,console.log,qemu-cmd,plan})
	"$OUT/first/qemu-cmd"
	cmp "$OUT/first/by-hand/events.jsonl.part" "$OUT/first/events.jsonl"
	cmp "$OUT/first/by-hand/console.log" "$OUT/first/console.log"
	[ "$before" = "$(sha256sum "$OUT"/first/{events.jsonl,console.log,qemu-cmd,plan})" ]
}

# snapshots NAME - how many of the cache's snapshots, finished or not, have that
# variant.
snapshots() {
	find "$VB_CACHE/snapshots" -maxdepth 1 -type d -name "$1-*" | wc -l
}

@test "a boot is done once: the second run goes on from its snapshot" {
	echo '# nothing' >"$plan"
	# Another word for the kernel is another boot.
	word=test.unique=$RANDOM$RANDOM
	run guest --variant once --append "$word"
	[ "$status" -eq 0 ]
	[[ "$output" == *"once: booting with 2 CPUs, once for a snapshot"* ]]
	cp "$dir/console.log" "$BATS_TEST_TMPDIR/"
	[ "$(snapshots once)" -eq 1 ]
	run guest --variant once --append "$word"
	[ "$status" -eq 0 ]
	[[ "$output" != *booting* ]]
	cmp "$dir/console.log" "$BATS_TEST_TMPDIR/console.log"
	grep -q 'Linux version' "$dir/console.log"
	# Damaged on the disk: it is said, and the next run makes it again.
	truncate -s 1000 "$VB_CACHE"/snapshots/once-*/state
	run guest --variant once --append "$word"
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"was damaged and is removed now"* ]]
	run guest --variant once --append "$word"
	[ "$status" -eq 0 ]
	[[ "$output" == *booting* ]]
	rm -r "$VB_CACHE"/snapshots/once-*
}

@test "a guest that cannot boot is a panic, and leaves no snapshot" {
	echo '# nothing' >"$plan"
	run guest --variant noboot --append "rdinit=/no/such/init root=none"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ "$output" == *"the guest failed: panic: "* ]]
	[ "$(snapshots noboot)" -eq 0 ]
}

@test "Ctrl-C in the boot leaves no snapshot and nothing of the run" {
	echo '# nothing' >"$plan"
	start --variant halfway --append "test.unique=$RANDOM$RANDOM"
	wait_for 'once for a snapshot' "$dir.err"
	sleep 2
	[ "$(snapshots halfway)" -eq 1 ]
	kill -INT -- "-$pid"
	rc=0
	wait "$pid" || rc=$?
	cat "$dir.err"
	[ "$rc" -eq 130 ]
	[ "$(snapshots halfway)" -eq 0 ]
	[ ! -e "$dir" ]
}

@test "--keep keeps a finished run, and no run with another plan" {
	echo '# nothing' >"$plan"
	guest --keep
	run guest --keep
	[ "$status" -eq 0 ]
	[[ "$output" == *kept:* ]]
	echo '# something else' >"$plan"
	run guest --keep
	[ "$status" -eq 0 ]
	[[ "$output" != *kept:* ]]
	cmp "$plan" "$dir/plan"
}

@test "a panic is called a panic, with the console's last words" {
	echo 'fault panic' >"$plan"
	run guest
	echo "$output"
	[ "$status" -eq 1 ]
	[[ "$output" == *"the guest failed: panic: Attempted to kill init"* ]]
	[[ "$output" == *"| "*"Kernel panic - not syncing"* ]]
	[[ "$output" == *"log: $dir/console.log"* ]]
	[ ! -e "$dir/events.jsonl" ]
}

@test "a guest out of memory is called that" {
	echo 'fault oom' >"$plan"
	run guest
	echo "$output"
	[ "$status" -eq 1 ]
	[[ "$output" == *"the guest failed: oom: Out of memory"* ]]
	[ ! -e "$dir/events.jsonl" ]
}

@test "a silent guest is called hung and ended" {
	echo 'fault hang' >"$plan"
	start --stall 30
	wait_for 'plan line 1: fault hang' "$dir/console.log"
	qemu=$(qemu_of "$pid")
	rc=0
	wait "$pid" || rc=$?
	cat "$dir.err"
	[ "$rc" -eq 1 ]
	grep -q 'the guest failed: hang: nothing heard from it for 30 s' "$dir.err"
	grep -q '| .*plan line 1: fault hang' "$dir.err"
	gone "$qemu"
	[ ! -e "$dir/events.jsonl" ]
}

@test "a guest that takes too long altogether is ended" {
	echo 'fault hang' >"$plan"
	run guest --timeout 3
	[ "$status" -eq 1 ]
	[[ "$output" == *"the guest failed: hang: not done after 3 s"* ]]
}

@test "QEMU killed from outside is neither a panic nor a hang" {
	echo 'fault hang' >"$plan"
	start
	wait_for 'fault hang' "$dir/console.log"
	kill -KILL "$(qemu_of "$pid")"
	rc=0
	wait "$pid" || rc=$?
	cat "$dir.err"
	[ "$rc" -eq 1 ]
	grep -q 'the guest failed: killed: QEMU was killed from outside by SIGKILL' "$dir.err"
	[ ! -e "$dir/events.jsonl" ]
}

@test "Ctrl-C ends QEMU and leaves nothing of the run" {
	echo 'fault hang' >"$plan"
	start
	wait_for 'fault hang' "$dir/console.log"
	qemu=$(qemu_of "$pid")
	kill -INT -- "-$pid"
	rc=0
	wait "$pid" || rc=$?
	cat "$dir.err"
	[ "$rc" -eq 130 ]
	gone "$qemu"
	[ ! -e "$dir" ]
}

@test "QEMU does not outlive a run-guest.sh that was killed" {
	echo 'fault hang' >"$plan"
	start
	wait_for 'fault hang' "$dir/console.log"
	qemu=$(qemu_of "$pid")
	kill -KILL "$pid"
	wait "$pid" || true
	gone "$qemu"
}

@test "a full disk is one clear line" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount a small disk"
	mkdir -p "$OUT/small"
	mount -t tmpfs -o size=12k tmpfs "$OUT/small" 2>/dev/null || skip "cannot mount a small disk here"
	echo '# nothing' >"$plan"
	dir=$OUT/small/run
	run guest
	umount "$OUT/small"
	echo "$output"
	[ "$status" -eq 2 ]
	[ "$(grep -c 'no space left' <<<"$output")" -eq 1 ]
}
