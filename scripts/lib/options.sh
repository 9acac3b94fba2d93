# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
#
# options.sh - checks of what a user asks for. Sourced after lib.sh.

# shellcheck source=scripts/run/costs.sh
. "$VB_TOP/scripts/run/costs.sh"

# A plan has so many bytes at most, and is padded to that: a guest that goes on
# from a snapshot has learned its size before.
PLAN_ROOM=16384

# What is measured unless workloads are named.
VB_WORKLOADS="ram vmap"

# tidy_list LIST - commas and runs of blanks become single spaces.
tidy_list()
{
	local words

	read -ra words <<<"${1//[,$'\n']/ }"
	printf '%s' "${words[*]}"
}

# largest LIST - of whole numbers.
largest()
{
	tr ' ' '\n' <<<"$1" | sort -n | tail -n 1
}

# check_list OPTION LIST - not empty, and nothing in it twice.
check_list()
{
	local twice

	[[ -n $2 ]] || usage_error "$1: the list is empty"
	twice=$(tr ' ' '\n' <<<"$2" | sort | uniq -d | sed -n 1p)
	[[ -z $twice ]] || usage_error "$1: $twice is named twice"
}

# check_variants LIST - each of variants.tsv; after variants.sh.
check_variants()
{
	local variant

	check_list --variants "$1"
	for variant in $1; do
		variant_field "$variant" base >/dev/null ||
			usage_error "--variants: no variant $variant; there are: $(variant_names | paste -sd' ')"
	done
}

# check_numbers OPTION LIST MIN MAX - whole numbers in that range.
check_numbers()
{
	local n

	for n in $2; do
		if [[ ! $n =~ ^(0|[1-9][0-9]{0,8})$ ]] || ((n < $3 || n > $4)); then
			usage_error "$1: $n is not a whole number from $3 to $4"
		fi
	done
}

# check_guests VARIANTS - can MACHINE run a guest of each, with CPUS? Needs machines.sh and
# variants.sh.
check_guests()
{
	local variant KERNEL_ARCH

	for variant in $1; do
		KERNEL_ARCH=$(variant_arch "$variant")
		(load_machine "$MACHINE" && machine_check_guest) || exit 2
	done
}

# check_id NAME - of a campaign: its directory has it, and files and tables, too.
check_id()
{
	[[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] ||
		usage_error "--id: $1 is not a plain name (letters, digits, . _ -)"
}

# check_append TEXT - words for the kernel's command line: of what a shell, QEMU and the
# kernel's own parser take as it stands.
check_append()
{
	local plain='^[A-Za-z0-9 ._,:=/@%+-]*$'

	[[ $1 =~ $plain ]] ||
		usage_error "--append: ${1@Q} has more than letters, digits, blanks and . _ , : = / @ % + -"
}

# check_possible N CPUS - none, or as many as the guest has and more.
check_possible()
{
	[[ -n $1 ]] || return 0
	check_numbers --possible-cpus "$1" 1 128
	(($1 >= $2)) || usage_error "--possible-cpus: $1 are fewer than the $2 that the guest has"
}

# settle_machine NAME - one that there is, and for auto the first that the host has;
# after machines.sh.
settle_machine()
{
	[[ $1 != host ]] || usage_error "--machine: host is not implemented yet"
	if [[ $1 == auto ]]; then
		choose_machine
		return 0
	fi
	has_machine "$1" ||
		usage_error "--machine: no machine $1; there are: $(machine_names | paste -sd' '), or auto"
	printf '%s' "$1"
}

# module_workloads - by the names that its files give them.
module_workloads()
{
	sed -nE 's/^\t\.name[ \t]*= "([^"]*)",$/\1/p' "$VB_TOP"/module/workloads/wl_*.c
}

# other_workloads - and their kind.
other_workloads()
{
	awk -F'\t' '!/^#/ { print $1, $2 }' "$VB_TOP/scripts/campaign/workloads.tsv"
}

# workload_names - every workload there is.
workload_names()
{
	{
		module_workloads
		other_workloads | cut -d' ' -f1
	} | awk '!seen[$0]++'
}

# workload_kind NAME - which file in scripts/campaign/kinds knows it.
workload_kind()
{
	other_workloads | awk -v name="$1" '
		$1 == name { kind = $2 }
		END { print kind ? kind : "module" }'
}

# check_workloads LIST
check_workloads()
{
	local name all

	all=$(workload_names | paste -sd' ')
	for name in $1; do
		[[ " $all " == *" $name "* ]] ||
			usage_error "--workload: no workload $name; there are: $all"
	done
}

# workloads_kind LIST - that of all of them: guests are prepared for one.
workloads_kind()
{
	local name kind first

	first=$(workload_kind "${1%% *}")
	for name in $1; do
		kind=$(workload_kind "$name")
		[[ $kind == "$first" ]] ||
			usage_error "--workload: ${1%% *} and $name cannot be in one campaign"
	done
	printf '%s' "$first"
}

# settle_stacks NS MACHINE - none, or ns between two samples, which the machine or its
# guest can take; for default, those that suit it. After machines.sh.
settle_stacks()
{
	local every=$1

	[[ -n $every ]] || return 0
	(
		load_machine "$2"
		[[ $every != default ]] || every=$MACHINE_STACKS
		check_numbers "--stacks on $2" "$every" "$MACHINE_STACKS_MIN" 100000000
		printf '%s' "$every"
	)
}
