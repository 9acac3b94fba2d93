#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# setup.bats - a machine without root is told what it lacks, a ready one is
# left alone, and a private QEMU comes whole, verified, or not at all.

load ../lib/common

setup() {
	# bats' own directory is closed to nobody.
	open=$(mktemp -d)
	chmod 755 "$open"
	cp -r "$TOP/scripts" "$open/"
	chmod -R a+rX "$open/scripts"
	mkdir -p "$open/links" "$open/fake" "$open/cache"
	export VB_BUILD=$open/build VMAPBENCH_CACHE=$open/cache
}

teardown() {
	rm -rf -- "$open"
}

# fake NAME - a program of that name comes first; its text on stdin. Fakes
# have a directory that never holds a link: a fake written through a link to
# /usr/bin would overwrite the system's own program.
fake() {
	cat >"$open/fake/$1"
	chmod 755 "$open/fake/$1"
}

as_nobody() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid nobody --regid nogroup --clear-groups "$@"
	else
		"$@"
	fi
}

# no_jq - all of /usr/bin but jq, and a sudo that asks.
no_jq() {
	ln -s /usr/bin/* "$open/links/"
	rm -f "$open/links/jq" "$open/links/sudo"
	printf '#!/bin/sh\nexit 1\n' | fake sudo
}

@test "without root or sudo the missing package and the command are named" {
	no_jq
	run as_nobody env PATH="$open/fake:$open/links" "$open/scripts/setup.sh"
	[ "$status" -eq 2 ]
	[[ "$output" == *"missing packages:"*jq* ]]
	[[ "$output" == *"apt-get install -y --no-install-recommends"*jq* ]]
}

@test "--check installs nothing, as root either" {
	no_jq
	printf '#!/bin/sh\ntouch %s/apt\n' "$open" | fake apt-get
	run env PATH="$open/fake:$open/links" "$open/scripts/setup.sh" --check
	[ "$status" -eq 2 ]
	[[ "$output" == *"missing packages:"*jq* ]]
	[ ! -e "$open/apt" ]
}

@test "on a ready machine apt is not called and it is quick" {
	# A QEMU that is new enough.
	printf '#!/bin/sh\necho QEMU emulator version 9.2.0\n' | fake qemu-system-x86_64
	printf '#!/bin/sh\ntouch %s/apt\nexit 1\n' "$open" | fake apt-get
	SECONDS=0
	run env PATH="$open/fake:$PATH" "$open/scripts/setup.sh" --what check
	echo "$output"
	[ "$status" -eq 0 ]
	[ ! -e "$open/apt" ]
	[ -z "$output" ]
	((SECONDS < 5))
}

@test "what apt cannot install is said with the log" {
	no_jq
	cat <<-END | fake apt-get
		#!/bin/sh
		echo "E: Unable to locate package jq"
		exit 100
	END
	printf '#!/bin/sh\necho 0\n' | fake id
	run env PATH="$open/fake:$open/links" "$open/scripts/setup.sh"
	[ "$status" -eq 2 ]
	[[ "$output" == *"E: Unable to locate package jq"*"log: "* ]]
}

@test "wrong options of setup are usage errors" {
	for args in --frob "--what nothing" --what; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/setup.sh" $args
		[ "$status" -eq 2 ]
		[[ "$output" == *"try --help"* ]]
	done
}

@test "an old QEMU is not used" {
	printf '#!/bin/sh\necho QEMU emulator version 8.2.1\n' | fake qemu-system-x86_64
	run env PATH="$open/fake:/usr/bin:/bin" "$open/scripts/setup/qemu-path.sh"
	[ "$status" -eq 2 ]
	[[ "$output" == *"no QEMU 9.2 or newer"* ]]
	run env VB_QEMU="$open/fake/qemu-system-x86_64" "$open/scripts/setup/qemu-path.sh"
	[ "$status" -eq 2 ]
	printf '#!/bin/sh\necho QEMU emulator version 10.0.2\n' | fake qemu-system-x86_64
	run env PATH="$open/fake:/usr/bin:/bin" "$open/scripts/setup/qemu-path.sh"
	[ "$status" -eq 0 ]
	[ "$output" = "$open/fake/qemu-system-x86_64" ]
}

@test "a guest's firmware: copied from where QEMU has it, missing is named" {
	mkdir -p "$open"/{first,second}
	printf '#!/bin/sh\n[ "$1 $2" = "-L help" ] && printf "%%s\\n" %s %s\n' \
		"$open/first" "$open/second" | fake qemu
	stage() {
		VB_BUILD=$open/build bash -c '. "$TOP/scripts/lib/lib.sh"; . "$TOP/scripts/run/firmware.sh"
			stage_firmware "$1" && firmware_hash && firmware_args' - "$open/fake/qemu"
	}
	echo bios >"$open/second/bios-256k.bin"
	echo vapic >"$open/first/kvmvapic.bin"
	echo another >"$open/second/kvmvapic.bin"
	run stage
	[ "$status" -eq 2 ]
	[[ "$output" == *"has no linuxboot_dma.bin"* ]]
	echo boot >"$open/first/linuxboot_dma.bin"
	run stage
	[ "$status" -eq 0 ]
	[ "$(cat "$open"/build/firmware/*)" = "$(printf 'bios\nvapic\nboot')" ]
	[[ "$output" == *"-bios $open/build/firmware/bios-256k.bin" ]]
	# Other bytes are another machine.
	before=${lines[0]}
	echo changed >"$open/second/bios-256k.bin"
	run stage
	[ "$status" -eq 0 ]
	[ "${lines[0]}" != "$before" ]
	[ "$(cat "$open/build/firmware/bios-256k.bin")" = changed ]
}

# local_mirror - an archive on this disk instead of the machine's mirror.
local_mirror() {
	mkdir -p "$open/mirror/dists/trixie/main/binary-amd64"
	: >"$open/mirror/dists/trixie/main/binary-amd64/Packages"
	printf 'Suite: trixie\nCodename: trixie\nComponents: main\nArchitectures: amd64\nDate: Thu, 01 Jan 2026 00:00:00 UTC\n' \
		>"$open/mirror/dists/trixie/Release"
	cat <<-END | fake apt-get
		#!/bin/bash
		case \$* in
		indextargets*) echo "file:$open/mirror \$(. /etc/os-release; echo \$VERSION_CODENAME) main" ;;
		*) exec /usr/bin/apt-get "\$@" ;;
		esac
	END
}

@test "packages of an archive that nobody signed are refused" {
	local_mirror
	run env PATH="$open/fake:$PATH" "$open/scripts/setup/get-qemu.sh"
	echo "$output"
	[ "$status" -eq 2 ]
	[[ "$output" == *"error: "*"log: "* ]]
	grep -q 'not signed' "$open/cache/qemu/get-qemu.log"
	[ "$(ls -A "$open/cache/qemu")" = get-qemu.log ]
}

@test "an interrupted download leaves nothing half-made" {
	cat <<-END | fake apt-get
		#!/bin/bash
		case \$* in
		indextargets*) echo "file:/nowhere \$(. /etc/os-release; echo \$VERSION_CODENAME) main" ;;
		*) touch $open/at-it; sleep 60 ;;
		esac
	END
	set -m
	# Not ignored, even if whoever runs the tests ignores it.
	PATH=$open/fake:$PATH env --default-signal=INT "$open/scripts/setup/get-qemu.sh" 2>/dev/null 3>&- &
	pid=$!
	set +m
	for _ in $(seq 50); do
		[ ! -e "$open/at-it" ] || break
		sleep 0.1
	done
	[ -e "$open/at-it" ]
	kill -INT -- "-$pid"
	rc=0
	wait "$pid" || rc=$?
	[ "$rc" -eq 130 ]
	[ "$(ls -A "$open/cache/qemu")" = get-qemu.log ]
}

@test "clean-cache --dry-run shows sizes and bounds, and removes nothing" {
	mkdir -p "$BATS_TEST_TMPDIR/cache/vmapbench/boots"
	echo x >"$BATS_TEST_TMPDIR/cache/vmapbench/boots/one"
	VMAPBENCH_CACHE=$BATS_TEST_TMPDIR/cache/vmapbench VB_STORE_MB=17 run "$TOP/scripts/setup/clean-cache.sh" --dry-run
	[ "$status" -eq 0 ]
	[[ $output == *"/vmapbench/boots"*"bound: 17 MB in boots (VB_STORE_MB), "* ]]
	[ -e "$BATS_TEST_TMPDIR/cache/vmapbench/boots/one" ]
}
