# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2153
#
# campaign.sh - what a campaign is asked to do, and what it was made of:
# the plan and campaign.json. Sourced by bench.sh, whose variables it reads.

# plan_text - the guest's plan: each point bare, then traced if something can count, then
# sampled if the guest takes samples.
plan_text()
{
	local workload pages threads mode

	for workload in $WORKLOADS; do
		for pages in $PAGES; do
			for threads in $THREADS; do
				for mode in $(sampled_modes); do
					kind_point "$mode" "$workload" "$pages" "$threads" |
						if [[ $mode == sampled ]]; then sed "s/\$/ $SAMPLED/"; else cat; fi
				done
			done
		done
	done
}

# parameters ID - what was asked for, as JSON.
parameters()
{
	jq -n --arg id "$1" --arg variants "$VARIANTS" --arg machine "$MACHINE" \
		--argjson cpus "$CPUS" --arg threads "$THREADS" --arg workloads "$WORKLOADS" \
		--arg pages "$PAGES" --argjson ops "$OPS" --argjson warmup "$WARMUP" \
		--argjson boots "$BOOTS" --argjson costs "$(costs_json "$COSTS")" \
		--argjson counted "$COUNTED" --arg stacks "$STACKS" --arg possible "$POSSIBLE_CPUS" --argjson more "$(kind_parameters)" '
		def words: split(" ");
		def numbers: words | map(tonumber);
		{ v: 1, id: $id, variants: ($variants | words), machine: $machine,
		  cpus: $cpus, threads: ($threads | numbers),
		  workloads: ($workloads | words), pages: ($pages | numbers),
		  ops: $ops, warmup: $warmup, boots: $boots, costs: $costs } + $more +
		if $counted then {} else { counted: false } end +
		if $possible == "" then {} else { possible_cpus: ($possible | tonumber) } end +
		if $stacks == "" then {} else { stacks: ($stacks | tonumber) } end'
}

# asked_otherwise FILE PARAMETERS - in words, what the campaign there was asked for that
# these parameters differ in; nothing when they are the same. Only boots may be more
# than they were.
asked_otherwise()
{
	jq -r --argjson new "$2" '
		def text: if type == "array" then map(tostring) | join(" ") else tostring end;
		. as $old | [($old + $new | keys - ["applied", "fingerprint", "lacks"])[] | select($old[.] != $new[.]) |
			select(. != "boots" or $old.boots > $new.boots) |
			"\(.) is \($old[.] | text) there, \($new[.] | text) here"] | join("; ")
		' "$1" 2>/dev/null || die "$1 is damaged: remove $(dirname -- "$1")"
}

# same_parameters FILE - usage error if the campaign there was asked for
# something else.
same_parameters()
{
	local differs

	[[ -e $1 ]] || return 0
	differs=$(asked_otherwise "$1" "$(parameters "$ID")") || exit
	[[ -z $differs ]] ||
		usage_error "campaign $ID was asked for something else: $differs. Choose another --id"
}

# sha FILE - short, but nobody will find another one by accident.
sha()
{
	sha256sum <"$1" | cut -c1-16
}

# sha_code VARIANT FILE - of a program or module without what depends on the folder it was
# built in. That of a stranger is read in the sandbox.
sha_code()
(
	dir=$(mktemp -d)
	trap 'rm -rf -- "$dir"' EXIT
	cp -L -- "$2" "$dir/code"
	! is_subject "$1" || confine "$1" '' '' "$dir"
	sandboxed objcopy --strip-debug --remove-section .note.gnu.build-id "$dir/code" "$dir/plain"
	sha "$dir/plain"
)

# lock_flavour SYSTEM_MAP - the spinlock that contended kernels really take.
lock_flavour()
{
	if grep -qE ' (__pv|native)_queued_spin_lock_slowpath$' "$1"; then
		printf 'paravirt qspinlock'
	elif grep -q ' queued_spin_lock_slowpath$' "$1"; then
		printf 'native qspinlock'
	else
		printf 'unknown'
	fi
}

# key_line VARIANT FIELD - of its kernel's key.
key_line()
{
	sed -n "s/^$2 //p" "${KERNEL_DIR[$1]}/key" | sed -n 1p
}

# per_variant FUNCTION - one object: each variant and what FUNCTION says of it.
per_variant()
{
	local variant

	for variant in $VARIANTS; do
		jq -n --arg k "$variant" --arg v "$("$1" "$variant")" '{ ($k): $v }'
	done | jq -s add
}

source_of() { key_line "$1" source; }
version_of() { sed -n 's/^# Linux.* \([^ ]*\) Kernel Configuration$/\1/p' "${KERNEL_DIR[$1]}/config"; }
kernel_of() { basename -- "${KERNEL_DIR[$1]}"; }
config_of() { sha "${KERNEL_DIR[$1]}/config"; }
module_of() { sha_code "$1" "${MODULE[$1]}"; }
initrd_of() { sha "${INITRD[$1]}"; }
locks_of() { lock_flavour "${KERNEL_DIR[$1]}/System.map"; }
bpf_of() { [[ -z ${VMAPSTAT[$1]} ]] || sha "${VMAPSTAT[$1]}.bpf.o"; }
vmapstat_of() { [[ -z ${VMAPSTAT[$1]} ]] || sha_code "$1" "${VMAPSTAT[$1]}"; }

# packages_of VARIANT - what the programs of its guest are made of, if not of what the
# host has.
packages_of()
{
	load_arch "$(variant_arch "$1")"
	arch_packages
}

# fragments_of VARIANT - what its configuration was asked to have.
fragments_of()
{
	local files

	mapfile -t files < <(fragment_files "$1" '')
	hash_files "${files[@]}"
}

# patches_of VARIANT - the series its base is built with, and what a subject has beside
# it, patch by patch.
patches_of()
{
	local files series
	series=$VB_TOP/kernel-patches/$(variant_field "$1" base)

	mapfile -t files < <(
		[[ ! -d $series ]] || find "$series" -name series -o -name '*.patch' | LC_ALL=C sort
		! is_subject "$1" || subject_patches "$1"
	)
	hash_files "${files[@]}"
}

# lacks_json - what a kernel of another version does not have, by variant; those that
# have everything are not there.
lacks_json()
{
	local variant lacks

	for variant in $VARIANTS; do
		lacks=$(cat -- "${KERNEL_DIR[$variant]}/lacks" "${MODULE[$variant]%/*}/lacks" 2>/dev/null) || true
		[[ -z $lacks ]] || jq -Rn --arg k "$variant" '{ ($k): [inputs] }' <<<"$lacks"
	done | jq -s 'add // {}'
}

# applied_json - the titles of the patches that subjects are built with, by variant.
applied_json()
{
	local variant

	for variant in $VARIANTS; do
		! is_subject "$variant" || [[ ! -s $VB_SUBJECTS/$variant/patches.applied ]] ||
			jq -Rn --arg k "$variant" '{ ($k): [inputs | gsub("[\u0000-\u001f\u007f-\u009f]"; "?")] }' <"$VB_SUBJECTS/$variant/patches.applied"
	done | jq -s 'add // {}'
}

# sources_json - what is built anew for each kernel, told from its sources: hashes of
# what was built differ from kernel to kernel.
sources_json()
{
	local guest=$VB_TOP/scripts/guest

	jq -n --arg vbko "$(hash_files "$VB_TOP"/module/{*.[ch],Kbuild})" \
		--arg bpf "$(hash_files "$VB_TOP"/bpf/*.[ch])" \
		--arg guest "$(hash_files "$guest"/init "$guest"/*.[ch] "$guest"/*.sh)" \
		'{ "module": $vbko, vmapstat: $bpf, guest: $guest }'
}

# fingerprint - everything the figures could depend on.
fingerprint()
{
	local qemu host first=${VARIANTS%% *}

	qemu=$("$VB_TOP/scripts/qemu-path.sh") || return 1
	host=$(machine_host)
	jq -n --argjson host "${host:-null}" --argjson source "$(per_variant source_of)" --argjson version "$(per_variant version_of)" \
		--arg gcc "$(key_line "$first" gcc)" --arg ld "$(key_line "$first" ld)" \
		--arg pahole "$(key_line "$first" pahole)" \
		--arg qemu "$("$qemu" --version | sed -n 1p)" \
		--arg text "$MACHINE_TEXT" --arg cpu "$MACHINE_CPU" \
		--arg loaded "$(machine_hash)" --argjson costs "$(costs_json "$COSTS")" \
		--arg firmware "$(firmware_hash)" --arg flags "$(machine_args | paste -sd' ')" --arg cmdline "$(machine_cmdline)${APPEND:+ $APPEND}" \
		--argjson kernel "$(per_variant kernel_of)" --argjson config "$(per_variant config_of)" \
		--argjson patches "$(per_variant patches_of)" --argjson locks "$(per_variant locks_of)" \
		--argjson fragments "$(per_variant fragments_of)" \
		--argjson vbko "$(per_variant module_of)" --argjson bpf "$(per_variant bpf_of)" \
		--argjson vmapstat "$(per_variant vmapstat_of)" \
		--argjson initrd "$(per_variant initrd_of)" --argjson packages "$(per_variant packages_of)" --argjson sources "$(sources_json)" '
		{ kernel_source: $source, kernel_version: $version, compiler: $gcc,
		  linker: $ld, pahole: $pahole, qemu: $qemu, firmware: $firmware, machine: $text,
		  accelerator: ($flags | capture("-accel (?<a>[^ ]*)").a), cpu_model: $cpu,
		  machine_flags: $flags, loaded_into_qemu: $loaded, costs: $costs,
		  kernel_cmdline: $cmdline, lock_flavour: $locks, kernel: $kernel, config: $config, fragments: $fragments,
		  patches: $patches, "module": $vbko,
		  bpf: $bpf, vmapstat: $vmapstat, initrd: $initrd, sources: $sources } +
		if any($packages[]; . != "") then { guest_packages: $packages } else {} end +
		if $host then { host: $host } else {} end'
}

# say_changes OLD NEW - what this campaign's earlier runs were made of and
# the coming ones are not. run-guest.sh keeps no run with other inputs.
say_changes()
{
	local changed

	changed=$(jq -rn --slurpfile old "$1" --slurpfile new "$2" '
		[($new[0].fingerprint | keys[]) |
		 select($old[0].fingerprint[.] != $new[0].fingerprint[.])] | join(", ")')
	[[ -z $changed ]] || info "changed since this campaign's earlier runs: $changed; runs made with other inputs are done again"
}

# write_campaign FILE - campaign.json and the plans next to it.
write_campaign()
{
	local file=$1 print

	print=$(fingerprint) || die "the campaign's fingerprint could not be taken"
	if ! {
		parameters "$ID" | jq --argjson f "$print" --argjson lacks "$(lacks_json)" --argjson applied "$(applied_json)" '
			. + { fingerprint: $f } + if $lacks == {} then {} else { lacks: $lacks } end +
			if $applied == {} then {} else { applied: $applied } end' >"$file.new" &&
			plan_text >"$(dirname -- "$file")/.plan-run" &&
			selftest_plan "$CPUS" >"$(dirname -- "$file")/.plan-selftest"
	} 2>/dev/null; then
		rm -f -- "$file.new"
		die "cannot write to $(dirname -- "$file"): no space left?"
	fi
	[[ ! -e $file ]] || say_changes "$file" "$file.new"
	mv -T -- "$file.new" "$file"
}

# main_table - the report's first section, and where everything is.
main_table()
{
	"$VB_BUILD/tools/vb-report" --main --published "$VB_TOP/published" "$CAMPAIGN" || true
	printf 'the whole report: %s\n' "$CAMPAIGN/report.txt"
	printf 'the numbers:      %s\n' "$CAMPAIGN/summary.tsv"
	printf 'the figures:      %s\n' "$CAMPAIGN"/plots/*.svg
}
