#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# sim.bats - what is loaded into QEMU refuses what it cannot work with: one line
# that says what is wrong, and QEMU does not start.

load ../lib/common

setup_file() {
	make -s -C "$TOP/sim" OUT="$VB_BUILD/sim"
	QEMU=$("$TOP/scripts/setup/qemu-path.sh")
	export QEMU
}

# load_plugin FILE ARGUMENTS - into a QEMU without a machine.
load_plugin() {
	run timeout 20 "$QEMU" -M none -accel tcg,thread=single -display none \
		-plugin "file=$1,$2"
	echo "$output"
	[ "$status" -eq 1 ]
}

# plugin_for VERSION - the plugin, made for that version of QEMU's interface.
plugin_for() {
	mkdir -p "$BATS_TEST_TMPDIR/sim"
	cp "$TOP"/sim/* "$BATS_TEST_TMPDIR/sim/"
	sed -i "s/^#define QEMU_PLUGIN_VERSION.*/#define QEMU_PLUGIN_VERSION $1/" \
		"$BATS_TEST_TMPDIR/sim/qemu-plugin.h"
	make -s -C "$BATS_TEST_TMPDIR/sim" OUT="$BATS_TEST_TMPDIR/out-$1"
	plugin=$BATS_TEST_TMPDIR/out-$1/vmapsim.so
}

@test "a plugin for another version of the interface: both versions are named" {
	plugin_for 99
	load_plugin "$plugin" stop=/dev/null
	[[ "$output" =~ API\ version\ 99,.*version\ (of\ )?[0-9]+ ]]
	plugin_for 1
	load_plugin "$plugin" stop=/dev/null
	[[ "$output" =~ API\ version\ 1,.*version\ (of\ )?[0-9]+ ]]
}

@test "a wrong table of costs: file, line and reason" {
	cd "$BATS_TEST_TMPDIR"
	files=clock=c,profile=p,speed=s
	printf 'line_transfer\t-5\n' >wrong.tsv
	load_plugin "$VB_BUILD/sim/vmapsim.so" "$files,costs=wrong.tsv"
	[[ "$output" == *"vmapsim: error: wrong.tsv:1: line_transfer: it has to be a whole number from 0 to 1000000"* ]]
	load_plugin "$VB_BUILD/sim/vmapsim.so" "$files,costs=none.tsv"
	[[ "$output" == *"vmapsim: error: cannot read none.tsv: No such file or directory"* ]]
}

@test "arguments that are missing, and files that cannot be written" {
	load_plugin "$VB_BUILD/sim/vmapsim.so" clock=/dev/null
	[[ "$output" == *"vmapsim: error: stop=, or clock=, profile= and speed= needed"* ]]
	load_plugin "$VB_BUILD/sim/vmapsim.so" stop=/nonexistent/stopped
	[[ "$output" == *"vmapsim: error: cannot write /nonexistent/stopped"* ]]
	load_plugin "$VB_BUILD/sim/vmapsim.so" clock=/nonexistent/c,profile=/dev/null,speed=/dev/null
	[[ "$output" == *"vmapsim: error: cannot write /nonexistent/c"* ]]
}
