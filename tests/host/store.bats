#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# store.bats - the store of boots, with entries that are made up and a QEMU that boots
# nothing: what is a boot's name, what goes first, and what a damaged entry leads to.

# Tests run in subshells; that is what they are for.
# shellcheck disable=SC2030,SC2031

bats_require_minimum_version 1.5.0

load ../lib/common
load ../lib/verdicts
load ../lib/audit

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	export VMAPBENCH_CACHE=$PWD/cache VB_BUILD=$PWD/build VB_STORE=$PWD/boots
	export VB_QEMU=$PWD/root/qemu VB_FRESH=''
	unset VB_FRESH
	mkdir -p bin root firmware kernel boots cache
	touch firmware/{bios-256k.bin,kvmvapic.bin,linuxboot_dma.bin}
	printf '#!/bin/sh\n' >bin/make
	fake_qemu 9.2.0
	chmod +x bin/make
	printf 'kernel\n' >kernel/bzImage
	printf 'image\n' >initrd
	printf 'point\n' >plan
	PATH=$PWD/bin:$PATH
}

# fake_qemu VERSION [COMMENT] - it has a version, firmware, and no guest.
fake_qemu()
{
	cat >root/qemu <<-END
		#!/bin/sh
		# ${2:-}
		case \$* in
		--version) echo "QEMU emulator version $1" ;;
		"-L help") echo "$PWD/firmware" ;;
		*) exit 1 ;;
		esac
	END
	chmod +x root/qemu
}

# guest OPTION... - of run-guest.sh, with inputs that are there.
guest()
{
	"$TOP/scripts/run/run-guest.sh" --kernel kernel --initrd initrd --plan plan --cpus 2 --mem 64 \
		--out run "$@"
}

# another WHAT [OPTION...] - the boot has another name than all before.
another()
{
	guest --key "${@:2}" >key
	echo "$1: $(cat key)"
	[[ $(cat key) =~ ^[0-9a-f]{32}$ ]]
	! grep -qxf key keys || return 1
	cat key >>keys
}

@test "a boot's name changes with everything that decides what it does" {
	touch keys
	another first
	guest --key | cmp - keys
	printf 'x' >>kernel/bzImage
	another kernel
	printf 'x' >>initrd
	another image
	printf 'x\n' >>plan
	another plan
	printf 'x' >>firmware/bios-256k.bin
	another firmware
	fake_qemu 10.0.0
	another "version of QEMU"
	fake_qemu 10.0.0 "another build"
	another "program of QEMU"
	another CPUs --cpus 3
	another memory --mem 128
	another stacks --stacks 10007
	another "interval of stacks" --stacks 10008
	another "kernel words" --append quiet
	another variant --variant x
	another costs --costs none
	another coherence --coherence off
	# How long it may take, and where its records go, decide nothing.
	guest --key --timeout 5 --stall 5 --out elsewhere --keep --fresh >key
	fake_qemu 10.0.0 "another build"
	guest --key | cmp - key
	[ ! -e run ] && [ ! -e elsewhere ]
	exits 2 guest --key --machine tcg
	says "no boot on tcg is stored"
}

# store COMMAND... - with the functions of store.sh.
store()
{
	bash -c '. "$TOP/scripts/lib/lib.sh"; . "$TOP/scripts/run/store.sh"; VARIANT=x OUT=$PWD/out; "$@"' - "$@"
}

# entry NAME KB AGE - an entry of that size, used so many hours ago.
entry()
{
	mkdir -p "boots/$1"
	head -c "$(($2 * 1024))" /dev/urandom >"boots/$1/clock.jsonl.gz"
	touch -d "$3 hours ago" "boots/$1"
}

@test "what was used least recently goes first, until the rest fits" {
	entry a 400 1
	entry b 400 4
	entry c 400 2
	entry d 400 3
	touch boots/b.lock
	VB_STORE_MB=1 store prune_store
	[ "$(ls boots)" = "$(printf 'a\nc')" ]
	# One that is taken was used.
	entry e 400 0
	entry a 400 5
	store touch -c boots/a
	VB_STORE_MB=1 store prune_store
	[ "$(ls boots)" = "$(printf 'a\ne')" ]
	VB_STORE_MB=2 store prune_store
	[ "$(ls boots)" = "$(printf 'a\ne')" ]
	VB_STORE_MB=0 store prune_store
	[ -z "$(ls boots)" ]
}

@test "a bound that is no number: exit 2, one line" {
	for bound in 2G -1 1.5 '' x 'a[$(touch PWNED)]' 08 9999999999; do
		[ -n "$bound" ] || continue
		exits 2 env VB_STORE_MB="$bound" "$TOP/scripts/run/run-guest.sh" --help
		says "VB_STORE_MB: "
		[ "$(wc -l <err)" -eq 1 ]
	done
	[ ! -e PWNED ]
	exits 0 env VB_STORE_MB=0 "$TOP/scripts/run/run-guest.sh" --help
}

# whole_entry NAME - with records that are as they were stored.
whole_entry()
{
	mkdir -p "boots/$1" out
	for file in events.jsonl clock.jsonl; do
		echo "$file" | gzip -n >"boots/$1/$file.gz"
	done
	(cd "boots/$1" && sha256sum -- *.gz >sum)
}

@test "an entry that goes while it is unpacked is computed, one that does not fit is an error" {
	whole_entry a
	exits 0 store take_stored a
	[ "$(cat out/events.jsonl)" = events.jsonl ]
	rm -r out
	# Pruned behind the check: gzip finds a file, and then no other.
	whole_entry a
	printf '#!/bin/sh\nrm -rf boots/a\nexit 1\n' >bin/gzip
	chmod +x bin/gzip
	exits 1 store take_stored a
	[ ! -s err ]
	[ -z "$(ls out)" ]
	rm bin/gzip
	whole_entry a
	printf '#!/bin/sh\nexit 1\n' >bin/gzip
	chmod +x bin/gzip
	exits 2 store take_stored a
	says "cannot write to $PWD/out: no space left?"
}

@test "a run that is there is computed again with --fresh, and kept without" {
	exits 2 guest --keep
	printf '{"v":1,"type":"end"}\n' >run/events.jsonl
	exits 0 guest --keep
	says "kept: $PWD/run"
	for fresh in "--keep --fresh" "--fresh --keep"; do
		printf '{"v":1,"type":"end"}\n' >run/events.jsonl
		# shellcheck disable=SC2086
		exits 2 guest $fresh
		run ! grep -q 'kept: ' err
	done
	printf '{"v":1,"type":"end"}\n' >run/events.jsonl
	VB_FRESH=true exits 2 guest --keep
	# Where nothing is stored, too: the run that is there is what it has to be equal to.
	rm -f run/failed
	printf '{"v":1,"type":"end"}\n' >run/events.jsonl
	cp run/events.jsonl before
	VB_STORE=off exits 2 guest --keep --fresh
	cmp before run/before/events.jsonl
}

# again COMMAND - of store.sh, after the run in out was set aside and computed again as new.
again()
{
	# shellcheck disable=SC2016
	exits "$1" bash -c 'VB_NAME=test VARIANT=v OUT=$PWD/out; . "$TOP/scripts/lib/lib.sh"; . "$TOP/scripts/run/store.sh"
		set_before; [ ! -e out/events.jsonl ]; cp new/* out; eval "$1"' - "$2"
}

@test "a run that is computed again without an entry is compared with the one that was there" {
	mkdir out new
	for file in events.jsonl clock.jsonl console.log; do
		printf '%s\n' "$file" | tee "out/$file" >"new/$file"
	done
	# A run that is there is readable; what is computed again becomes so later.
	printf 'a profile\n' >out/profile.jsonl
	printf 'addresses\n' >new/profile.raw
	readable='rm out/profile.raw; printf "a profile\n" >out/profile.jsonl'
	again 0 "audit_before; $readable; audit_readable"
	says "v: the same bytes as the boot that was there"
	[ ! -e out/before ]
	again 2 "audit_before; $readable; echo more >>out/profile.jsonl; audit_readable"
	says "v: the boot differs from the one that was there in profile.jsonl: compare $PWD/out with $PWD/out/before"
	rm -r out/before
	printf 'x\n' >>new/clock.jsonl
	rm new/console.log
	cp out/clock.jsonl clock
	again 2 audit_before
	says "v: the boot differs from the one that was there in console.log clock.jsonl: compare $PWD/out with $PWD/out/before"
	cmp clock out/before/clock.jsonl
	cmp new/clock.jsonl out/clock.jsonl
	# Ctrl-C leaves what was there.
	rm -r out
	mkdir out
	cp clock out/clock.jsonl
	printf 'point\n' >out/plan
	again 0 'rm out/*.jsonl; take_back'
	cmp clock out/clock.jsonl
	[ -s out/plan ] && [ ! -e out/before ]
}

# boot_of KEY SECONDS OPTION... - an entry that has run-guest.sh's inputs.
boot_of()
{
	mkdir -p "boots/$1"
	cp plan "boots/$1/plan"
	jq -n --argjson s "$2" '{ v: 1, seconds: $s, options: $ARGS.positional }' --args -- \
		--kernel "$PWD/kernel" --initrd "$PWD/initrd" --cpus 2 --mem 64 "${@:3}" >"boots/$1/how.json"
}

@test "what is computed again: short boots whose inputs are as they were, others each time" {
	[ -z "$(choose_stored 2)" ]
	for words in quiet a b c d e; do
		keys+=("$(guest --key --append "$words")")
		boot_of "${keys[-1]}" 5 --append "$words"
	done
	# One of other inputs, one that took long, one of which it is not known, and none.
	boot_of "$(printf '%032d' 0)" 5 --append quiet
	boot_of "$(guest --key --append long)" 21 --append long
	mkdir "boots/$(guest --key --append old)" boots/.new.x
	[ "$(choose_stored 9 | sort)" = "$(printf '%s\n' "${keys[@]}" | sort)" ]
	for _ in $(seq 12); do
		choose_stored 1
	done | sort -u >chosen
	[ "$(wc -l <chosen)" -gt 1 ]
	printf 'x' >>initrd
	[ -z "$(choose_stored 2)" ]
}

@test "an entry says how it is computed again" {
	cat >how.sh <<-'END'
		MACHINE=sim VARIANT=x KERNEL=$PWD/kernel INITRD=$PWD/initrd CPUS=2 MEM=64 COSTS=none
		APPEND="a b" STALL=700 STACKS='' MODULE=''
		mkdir -p out
		for file in events.jsonl clock.jsonl plan; do echo "$file" >"out/$file"; done
		prune_store() { :; }
		put_stored "$1" "$EPOCHREALTIME"
	END
	key=$(guest --key --costs none --append "a b" --variant x)
	# shellcheck disable=SC2016
	bash -c '. "$TOP/scripts/lib/lib.sh"; . "$TOP/scripts/run/store.sh"; OUT=$PWD/out; . ./how.sh' - "$key"
	[ "$(cat "boots/$key/plan")" = plan ]
	cp plan "boots/$key/plan"
	[ "$(choose_stored 2)" = "$key" ]
	# Whatever is beside the records is none of them.
	store take_stored "$key"
	[ "$(cat out/plan)" = plan ]
}
