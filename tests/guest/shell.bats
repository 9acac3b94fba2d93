#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# shell.bats - a guest on a terminal: what is typed reaches it, and the terminal
# is as it was afterwards, however it ends. A guest that runs one command.

load ../lib/common

setup_file() {
	export OUT=$VB_BUILD/test/shell
	rm -rf "$OUT"
	mkdir -p "$OUT"
}

setup() {
	dir=$OUT/$BATS_TEST_NUMBER
	log=$dir/log
	mkdir -p "$dir"
}

# A test that failed half-way leaves no guest behind.
teardown() {
	[ -z "${terminal:-}" ] || kill -TERM "$terminal" 2>/dev/null || true
}

# sit_down - a shell of a guest on a terminal of its own, which $terminal is the
# process of: what goes to descriptor 5 is typed, what is shown comes to $log.
sit_down() {
	cat >"$dir/session" <<-END
		stty rows 33 cols 99
		stty -g >"$dir/before"
		"$TOP/scripts/vmapbench" shell rewrite --cpus 2 </dev/tty &
		echo \$! >"$dir/pid"
		wait \$!
		echo "left: \$?"
		stty -g >"$dir/after"
	END
	mkfifo "$dir/keys"
	exec 5<>"$dir/keys"
	TERM=vt220 script -qefc "bash '$dir/session'" "$log" <"$dir/keys" >/dev/null 3>&- 5>&- &
	terminal=$!
}

# wait_for TEXT - on the terminal, at most two minutes.
wait_for() {
	for _ in $(seq 600); do
		! grep -qs "$1" "$log" || return 0
		sleep 0.2
	done
	echo "no '$1' after two minutes:"
	cat "$log"
	return 1
}

# left STATUS - the terminal is as it was, and nothing runs or lies about.
left() {
	wait_for 'left: '
	wait "$terminal" || true
	cat -v "$log"
	grep -q "left: $1" "$log"
	cmp "$dir/before" "$dir/after"
	[ -z "$(ls "$VB_BUILD/shell")" ]
	[ -z "$(pgrep -f "$VB_BUILD/shell/" || true)" ]
}

@test "a command: its words, its output to the byte, its exit code" {
	rc=0
	"$TOP/scripts/vmapbench" shell vmlist --cpus 3 -- sh -c \
		'printf "%s|" "$@"; nproc; printf "a\nb\r\n\001\377"; cat; echo on stderr >&2; exit 77' \
		sh 'two words' "it's" '$HOME *' '' >"$dir/out" 2>"$dir/err" || rc=$?
	cat "$dir/err"
	[ "$rc" -eq 77 ]
	cmp "$dir/out" <(printf "two words|it's|\$HOME *||3\na\nb\r\n\001\377on stderr\n")
	[ -z "$(ls "$VB_BUILD/shell")" ]
}

@test "two sockets: each is a node with its CPUs and half of the memory" {
	"$TOP/scripts/vmapbench" shell mainline --topology 2x1x2 -- sh -ec '
		cd /sys/devices/system
		cat node/online node/node0/cpulist node/node1/cpulist
		cat cpu/cpu1/topology/physical_package_id cpu/cpu2/topology/physical_package_id
		cat cpu/cpu2/cache/index3/shared_cpu_list
		for node in 0 1; do
			awk "/MemTotal/ { print (\$4 > 400000 && \$4 <= 524288) }" node/node$node/meminfo
		done' >"$dir/out" 2>"$dir/err" || { cat "$dir/err"; false; }
	cat "$dir/out"
	cmp "$dir/out" <(printf '%s\n' 0-1 0-1 2-3 0 1 2-3 1 1)
}

@test "everything is there: module, vmapstat, bpftrace, perf, tracefs" {
	run "$TOP/scripts/vmapbench" shell mainline -- sh -ec '
		loadmod vmap_bench.ko
		sh bench.sh ram 4 2 100 | grep -c "\"type\":\"sample\""
		vmapstat -j 1 1 | grep -c purges
		bpftrace --version
		perf --version
		echo "p:mine vm_unmap_ram" >/sys/kernel/tracing/kprobe_events
		echo 1 >/sys/kernel/tracing/events/kprobes/mine/enable
		sh bench.sh ram 4 1 10 >/dev/null
		grep -c "mine: (vm_unmap_ram" /sys/kernel/tracing/trace'
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *"bpftrace v"* ]]
	[[ "$output" == *"perf version"* ]]
	# With those of the warm-up.
	[ "${lines[-1]}" -ge 10 ]
}

@test "a guest that dies under its command: exit 125, and what it said" {
	run "$TOP/scripts/vmapbench" shell mainline --cpus 1 -- sh -c 'echo c >/proc/sysrq-trigger; kill -SEGV 1; reboot -f'
	echo "$output"
	[ "$status" -eq 125 ]
	[[ "$output" == *"the guest failed: it left without a word about the command"* ]]
	[[ "$output" == *"  | "* ]]
	[ -z "$(ls "$VB_BUILD/shell")" ]
}

@test "Ctrl-C goes to the guest, which has the terminal's size and name" {
	sit_down
	wait_for 'ends the guest'
	printf 'stty size; echo $TERM; sleep 1000\r' >&5
	wait_for '33 99'
	wait_for vt220
	# Now sleep has to start.
	sleep 2
	printf '\003' >&5
	printf 'echo still $((6 * 7))\r' >&5
	wait_for 'still 42'
	printf 'exit\r' >&5
	left 0
}

@test "poweroff, typed in the guest" {
	sit_down
	wait_for 'ends the guest'
	printf 'poweroff\r' >&5
	left 0
}

@test "Ctrl-A x" {
	sit_down
	wait_for 'ends the guest'
	printf '\001x' >&5
	left 0
}

@test "ended from outside: QEMU goes with it, the terminal is put back" {
	sit_down
	wait_for 'ends the guest'
	kill -TERM "$(cat "$dir/pid")"
	left 143
}
