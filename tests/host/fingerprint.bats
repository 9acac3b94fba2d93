#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# fingerprint.bats - what a campaign says it was made of, from made-up kernels: is all of it
# there, and is it what the guest will say?

# Tests run in subshells; that is what they are for.
# shellcheck disable=SC2030,SC2031

bats_require_minimum_version 1.5.0

load ../lib/common
load ../lib/verdicts

# take.sh writes campaign.json, as bench does before the first boot.
setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	mkdir -p kernel/devel/include/config fake build/firmware
	printf 'source s\ngcc g\nld l\npahole p\n' >kernel/key
	printf '#\n# Linux/x86 6.13.0 Kernel Configuration\n#\n' >kernel/config
	printf '6.13.0\n' >kernel/devel/include/config/kernel.release
	printf '00 T native_queued_spin_lock_slowpath\n' >kernel/System.map
	for file in initrd vmapstat vmapstat.bpf.o; do
		printf '%s\n' "$file" >"$file"
	done
	echo 'int f(void) { return 0; }' | gcc -g -c -x c - -o module.ko
	cp module.ko vmapstat
	for file in bios-256k.bin kvmvapic.bin linuxboot_dma.bin; do
		printf 'x\n' >"build/firmware/$file"
	done
	printf '#!/bin/sh\necho "QEMU emulator version 9.9"\n' >fake/qemu
	chmod +x fake/qemu
	cat >take.sh <<-'END'
		VB_NAME=test
		. "$TOP/scripts/lib/lib.sh"
		for part in kernel/variants kernel/subjects kernel/sandbox lib/options run/machines run/firmware \
			kernel/arch run/costs campaign/campaign; do
			. "$TOP/scripts/$part.sh"
		done
		load_machine sim
		eval "$1"
		qemu_version() { fake/qemu --version; }
		parameters() { printf '{}\n'; }
		lacks_json() { printf '{}\n'; }
		plan_text() { :; }
		selftest_plan() { :; }
		declare -A KERNEL_DIR MODULE VMAPSTAT INITRD
		for v in vmlist rewrite; do
			KERNEL_DIR[$v]=kernel MODULE[$v]=module.ko VMAPSTAT[$v]=vmapstat INITRD[$v]=initrd
		done
		MODULE[rewrite]=${REWRITE_MODULE:-module.ko}
		ID=x VARIANTS='vmlist rewrite' CPUS=1 COSTS=none APPEND='' BOOTS=1
		write_campaign "$PWD/campaign.json"
	END
}

# take CODE [COMMAND] - it has to exit with that; COMMAND is run before.
take()
{
	exits "$1" env VB_BUILD="$PWD/build" bash take.sh "${2:-:}"
}

@test "the kernel's version is the release that its guest will say" {
	take 0
	[ "$(jq -c .fingerprint.kernel_version campaign.json)" = '{"vmlist":"6.13.0","rewrite":"6.13.0"}' ]
	# Trees with a localversion file, as linux-next and -rt.
	printf '6.13.0-next-20250128-rt5\n' >kernel/devel/include/config/kernel.release
	take 0
	[ "$(jq -r .fingerprint.kernel_version.vmlist campaign.json)" = 6.13.0-next-20250128-rt5 ]
	# Without it, or where it is none, the version.
	for text in '' 'a b' $'6.13\e[2J'; do
		printf '%s\n' "$text" >kernel/devel/include/config/kernel.release
		take 0
		[ "$(jq -r .fingerprint.kernel_version.vmlist campaign.json)" = 6.13.0 ]
	done
	# What was built of a stranger's source may be a link to a file of the user's.
	printf 'secret\n' >elsewhere
	ln -sf ../../../../elsewhere kernel/devel/include/config/kernel.release
	take 0
	[ "$(jq -r .fingerprint.kernel_version.vmlist campaign.json)" = 6.13.0 ]
	rm -r kernel/devel
	take 0
	[ "$(jq -r .fingerprint.kernel_version.vmlist campaign.json)" = 6.13.0 ]
}

@test "what cannot be hashed ends it: exit 2, one line, and no campaign.json" {
	take 0
	jq -e '[.fingerprint[] | ., .[]? | strings] | all(. != "")' campaign.json
	rm campaign.json
	while IFS='|' read -r command text; do
		echo "# $command"
		take 2 "$command"
		cat err
		[ "$(wc -l <err)" -eq 1 ]
		says "$text"
		[ ! -e campaign.json ] && [ ! -e campaign.json.new ]
	done <<-'END'
	REWRITE_MODULE=gone.ko|gone.ko cannot be read
	mv initrd initrd.away|initrd cannot be read
	mv initrd.away initrd; mv vmapstat.bpf.o away|vmapstat.bpf.o cannot be read
	mv away vmapstat.bpf.o; mv kernel/key away|kernel/key cannot be read
	mv away kernel/key; mv kernel/config away|config cannot be read
	mv away kernel/config; mv kernel/System.map away|System.map cannot be read
	mv away kernel/System.map; mv build/firmware/kvmvapic.bin away|kvmvapic.bin cannot be read
	mv away build/firmware/kvmvapic.bin; machine_hash() { hash_files "$VB_TOP/sim/Makefile" gone.c; }|gone.c cannot be read
	sandboxed() { return 1; }|module.ko cannot be read
	END
	take 0
}
