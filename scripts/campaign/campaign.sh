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
		usage_error "campaign $ID has other parameters: $differs. Choose another --id"
}

# sha FILE - short, but nobody will find another one by accident.
sha()
{
	{ sha256sum <"$1" | cut -c1-16; } 2>/dev/null || die "$1 cannot be read"
}

# sha_code VARIANT FILE - of a program or module without what depends on the directory it was
# built in. That of a stranger is read in the sandbox.
sha_code()
(
	dir=$(mktemp -d) || exit 2
	trap 'rm -rf -- "$dir"' EXIT
	cp -L -- "$2" "$dir/code" 2>/dev/null || die "$2 cannot be read"
	! is_subject "$1" || confine "$1" '' '' "$dir" || exit 2
	sandboxed objcopy --strip-debug --remove-section .note.gnu.build-id "$dir/code" "$dir/plain" ||
		die "$2 cannot be read"
	sha "$dir/plain"
)

# lock_flavour SYSTEM_MAP - the spinlock that contended kernels really take.
lock_flavour()
{
	[[ -r $1 ]] || die "$1 cannot be read"
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
	local key=${KERNEL_DIR[$1]}/key

	[[ -r $key ]] || die "$key cannot be read"
	sed -n "s/^$2 //p" "$key" | sed -n 1p
}

# per_variant FUNCTION - one object: each variant and what FUNCTION says of it. It fails where
# FUNCTION does: a hash that could not be taken would be the same as any other such.
per_variant()
{
	local variant value

	for variant in $VARIANTS; do
		value=$("$1" "$variant") || return 1
		jq -n --arg k "$variant" --arg v "$value" '{ ($k): $v }' || return 1
	done | jq -s add
}

# version_of VARIANT - the release that its guest will say, which a localversion file makes
# longer than the version. What a stranger's build left may be a link, or no release.
version_of()
{
	local dir file release=''

	dir=$(realpath -e -- "${KERNEL_DIR[$1]}") || return 1
	[[ -r $dir/config ]] || die "$dir/config cannot be read"
	file=$dir/devel/include/config/kernel.release
	if [[ -f $file && $(realpath -e -- "$file") == "$file" ]]; then
		release=$(head -c 256 -- "$file" | tr '\0' '?' | sed -n 1p)
	fi
	if [[ $release =~ ^[A-Za-z0-9][A-Za-z0-9._+~-]{0,63}$ ]]; then
		printf '%s' "$release"
	else
		sed -n 's/^# Linux.* \([^ ]*\) Kernel Configuration$/\1/p' "$dir/config"
	fi
}

source_of() { key_line "$1" source; }
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
	local arch

	arch=$(variant_arch "$1") && load_arch "$arch" && arch_packages
}

# fragments_of VARIANT - what its configuration was asked to have.
fragments_of()
{
	local files list

	list=$(fragment_files "$1" '') || return 1
	mapfile -t files <<<"$list"
	hash_files "${files[@]}"
}

# patches_of VARIANT - the series its base is built with, and what a subject has beside
# it, patch by patch.
patches_of()
{
	local files=() series list

	series=$(variant_field "$1" base) || return 1
	series=$VB_TOP/kernel-patches/$series
	list=$(
		[[ ! -d $series ]] || find "$series" -name series -o -name '*.patch' | LC_ALL=C sort || exit 1
		! is_subject "$1" || subject_patches "$1"
	) || return 1
	[[ -z $list ]] || mapfile -t files <<<"$list"
	hash_files ${files[@]+"${files[@]}"}
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
			jq -Rn --arg k "$variant" '{ ($k): [inputs | gsub("[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]"; "?")] }' <"$VB_SUBJECTS/$variant/patches.applied"
	done | jq -s 'add // {}'
}

# sources_json - what is built anew for each kernel, told from its sources: hashes of
# what was built differ from kernel to kernel.
sources_json()
{
	local guest=$VB_TOP/guest vbko bpf programs

	vbko=$(hash_files "$VB_TOP"/module/{*.[ch],workloads/*.[ch],Kbuild}) || return 1
	bpf=$(hash_files "$VB_TOP"/bpf/*.[ch]) || return 1
	programs=$(hash_files "$guest"/init "$guest"/*.[ch] "$guest"/*.sh) || return 1
	jq -n --arg vbko "$vbko" --arg bpf "$bpf" --arg guest "$programs" \
		'{ "module": $vbko, vmapstat: $bpf, guest: $guest }'
}

# per_variant_args - sets ARGS to jq's options with what differs from variant to variant.
per_variant_args()
{
	local name value

	ARGS=()
	for name in source version kernel config patches locks fragments module bpf vmapstat initrd packages; do
		value=$(per_variant "${name}_of") || return 1
		ARGS+=(--argjson "${name}_of" "$value")
	done
}

# add_text NAME COMMAND... - what it prints to ARGS, for jq.
add_text()
{
	local value

	value=$("${@:2}") || return 1
	ARGS+=(--arg "$1" "$value")
}

# qemu_version - in one line.
qemu_version()
{
	local qemu

	qemu=$("$VB_TOP/scripts/setup/qemu-path.sh") && "$qemu" --version | sed -n 1p
}

# qemu_flags - those of the machine, in one line.
qemu_flags()
{
	machine_args | paste -sd' '
}

# fingerprint - everything the figures could depend on. It fails where something of it cannot
# be told.
fingerprint()
{
	local first=${VARIANTS%% *} host costs sources ARGS

	per_variant_args && add_text gcc key_line "$first" gcc && add_text ld key_line "$first" ld &&
		add_text pahole key_line "$first" pahole && add_text qemu qemu_version &&
		add_text loaded machine_hash && add_text firmware firmware_hash &&
		add_text flags qemu_flags && add_text cmdline machine_cmdline || return 1
	host=$(machine_host) && costs=$(costs_json "$COSTS") && sources=$(sources_json) || return 1
	jq -n "${ARGS[@]}" --argjson host "${host:-null}" --argjson costs "$costs" --argjson sources "$sources" \
		--arg text "$MACHINE_TEXT" --arg cpu "$MACHINE_CPU" --arg append "${APPEND:+ $APPEND}" '
		{ kernel_source: $source_of, kernel_version: $version_of, compiler: $gcc,
		  linker: $ld, pahole: $pahole, qemu: $qemu, firmware: $firmware, machine: $text,
		  accelerator: ($flags | capture("-accel (?<a>[^ ]*)").a), cpu_model: $cpu,
		  machine_flags: $flags, loaded_into_qemu: $loaded, costs: $costs,
		  kernel_cmdline: ($cmdline + $append), lock_flavour: $locks_of, kernel: $kernel_of,
		  config: $config_of, fragments: $fragments_of, patches: $patches_of,
		  "module": $module_of, bpf: $bpf_of, vmapstat: $vmapstat_of, initrd: $initrd_of,
		  sources: $sources } +
		if any($packages_of[]; . != "") then { guest_packages: $packages_of } else {} end +
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
	[[ -z $changed ]] || info "changed since this campaign's earlier boots: $changed; boots with other inputs are repeated"
}

# write_campaign FILE - campaign.json and the plans next to it.
write_campaign()
{
	local file=$1 print

	print=$(fingerprint) || exit 2
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
