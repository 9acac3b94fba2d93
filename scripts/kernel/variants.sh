# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# variants.sh - reads kernel-patches/variants.tsv, and the rows of subjects: kernels
# that somebody asked for once (subjects.sh). Sourced after lib.sh.

VB_VARIANTS=$VB_TOP/kernel-patches/variants.tsv
# A directory for each, with a row of the same shape.
VB_SUBJECTS=$VB_BUILD/subjects

# variant_names - every variant, in the order of the table.
variant_names()
{
	awk -F'\t' '!/^#/ && NF { print $1 }' "$VB_VARIANTS"
}

# default_variants - those that a campaign measures without being asked to.
default_variants()
{
	awk -F'\t' '!/^#/ && $4 == "yes" { print $1 }' "$VB_VARIANTS"
}

# is_subject NAME - is it a kernel that no table has?
is_subject()
{
	[[ -n $1 && $1 != */* && -s $VB_SUBJECTS/$1/row ]]
}

# variant_field NAME COLUMN - base, fragments, default or what; fails for no such
# name.
variant_field()
{
	local table=$VB_VARIANTS

	! is_subject "$1" || table=$VB_SUBJECTS/$1/row
	awk -F'\t' -v name="$1" -v want="$2" '
	BEGIN { col["base"] = 2; col["fragments"] = 3; col["default"] = 4; col["what"] = 5 }
	$1 == name { print $col[want]; found = 1 }
	END { exit !found }' "$table"
}

# check_variant NAME - usage error unless the table has it.
check_variant()
{
	variant_field "$1" base >/dev/null ||
		usage_error "no variant '$1'; there are: $(variant_names | paste -sd' ')"
}

# variant_arch NAME - what make calls the processors that it is for, if they are not the
# host's: one of its fragments has a line "# arch: i386" then.
variant_arch()
{
	local files

	mapfile -t files < <(fragment_files "$1" '')
	sed -n 's/^# arch: //p' "${files[@]}" | tail -n 1
}

# fragment_files NAME FLAVOUR - paths of the config fragments, in merge order.
fragment_files()
{
	local fragment

	for fragment in $(variant_field "$1" fragments) ${2:+"$2"}; do
		printf '%s\n' "$VB_TOP/kernel-patches/config/$fragment.config"
	done
}
