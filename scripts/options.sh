# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# options.sh - checks of what a user asks for. Sourced after lib.sh.

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
	twice=$(tr ' ' '\n' <<<"$2" | sort | uniq -d | head -n 1)
	[[ -z $twice ]] || usage_error "$1: $twice is named twice"
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

# check_machine NAME - one that there is.
check_machine()
{
	case $1 in
	sim) ;;
	tcg|kvm|host) usage_error "--machine: $1 is planned but not there yet; only sim is" ;;
	*) usage_error "--machine: no machine $1; there is: sim" ;;
	esac
}

# workload_names - every workload of the module: one file each.
workload_names()
{
	local file

	for file in "$VB_TOP"/module/wl_*.c; do
		file=${file##*/wl_}
		printf '%s\n' "${file%.c}"
	done
}

# check_workloads LIST
check_workloads()
{
	local name

	for name in $1; do
		workload_names | grep -qxF -- "$name" ||
			usage_error "--workload: no workload $name; there are: $(workload_names | paste -sd' ')"
	done
}
