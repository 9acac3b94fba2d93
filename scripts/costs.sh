# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# costs.sh - the table of a simulated machine: what takes time beside instructions, its
# caches, and who shares them. Sourced after lib.sh.

# Unless another one is asked for.
VB_COSTS=$VB_TOP/sim/costs.tsv

# costs_file TABLE - the file that it is made of.
costs_file()
{
	local file=$1

	[[ ! $file =~ ^coherence=(on|off):(.*) ]] || file=${BASH_REMATCH[2]}
	[[ ! $file =~ ^topology=[0-9x]+:(.*) ]] || file=${BASH_REMATCH[1]}
	printf '%s' "$file"
}

# check_costs TABLE - none, or a table of rows that the default one has, a whole number
# each, of insn_ns with three decimals at most: the first four at least, with coherence 1 those of the caches as well.
check_costs()
{
	local wrong file

	file=$(costs_file "$1")
	[[ $1 != none ]] || return 0
	[[ -f $file && -r $file ]] || usage_error "--costs: cannot read $file"
	wrong=$(awk -F'\t' '
		/^#/ || !NF { next }
		part == 1 { known[$1]; next }
		!($1 in known) { print "line " FNR ": there is no cost " $1; exit }
		$1 == "insn_ns" && ($2 !~ /^[0-9]+([.][0-9][0-9]?[0-9]?)?$/ || $2 < 0.01 || $2 > 100) {
			print "line " FNR ": insn_ns is not a number from 0.01 to 100 with three decimals at most"; exit
		}
		$1 != "insn_ns" && ($2 !~ /^[0-9]+$/ || $2 > 1000000) {
			print "line " FNR ": " $1 " is not a whole number of ns from 0 to 1000000"; exit
		}
		$1 in seen { print "line " FNR ": " $1 " is there twice"; exit }
		{ seen[$1] = $2 }
		END {
			split("ipi_delivery tlb_flush_page tlb_flush_all line_transfer", always, " ")
			for (i in always)
				needed[always[i]]
			for (name in known)
				if (!(name in seen) && (name in needed ||
				    seen["coherence"] == 1 && name !~ /^(ipi_lines|insn_ns)$/)) {
					print name " is missing"
					exit
				}
		}' part=1 "$VB_COSTS" part=2 <(costs_text "$1") | sed -n 1p)
	[[ -z $wrong ]] || usage_error "--costs: $file: $wrong"
}

# cost_row TABLE NAME - the value of a row; nothing if there is none.
cost_row()
{
	[[ $1 == none ]] || costs_text "$1" | awk -F'\t' -v name="$2" '$1 == name { print $2 }'
}

# check_topology TEXT - SOCKETSxL3SxCORES.
check_topology()
{
	[[ $1 =~ ^([1-9][0-9]{0,2})x([1-9][0-9]{0,1})x([1-9][0-9]{0,2})$ ]] ||
		usage_error "--topology: $1 is not SOCKETSxL3SxCORES, as 2x1x32: L3 caches of a socket, cores behind each"
	((BASH_REMATCH[1] * BASH_REMATCH[2] <= 64)) ||
		usage_error "--topology: $1 has more than 64 L3 caches"
}

# costs_text TABLE - the rows of TABLE, which is a file, or a file behind what is changed
# in it: coherence=on: or coherence=off:, and then topology=SxLxC:.
costs_text()
{
	local coherence='' topology='' l3s='' cores=''

	[[ ! $1 =~ ^coherence=(on|off): ]] || coherence=${BASH_REMATCH[1]}
	[[ ! $1 =~ ^(coherence=[a-z]+:)?topology=([0-9x]+): ]] || topology=${BASH_REMATCH[2]}
	IFS=x read -r _ l3s cores <<<"$topology"
	awk -F'\t' -v OFS='\t' -v coherence="$coherence" -v l3s="$l3s" -v cores="$cores" '
		coherence && $1 == "coherence" { next }
		l3s && $1 == "l3s_per_socket" { $2 = l3s; $3 = "--topology" }
		cores && $1 == "cores_per_l3" { $2 = cores; $3 = "--topology" }
		{ print }
		END { if (coherence) print "coherence", coherence == "on", "--coherence" }' \
		"$(costs_file "$1")"
}

# settle_costs COSTS MACHINE [COHERENCE [TOPOLOGY]] - the table to use, as costs_text() takes
# it, or none: what is asked for is checked, and only sim has costs.
settle_costs()
{
	local table=${1:-$VB_COSTS} coherence=${3:-} topology=${4:-}

	[[ -z $coherence || $coherence == on || $coherence == off ]] ||
		usage_error "--coherence: $coherence is neither on nor off"
	[[ -z $topology ]] || check_topology "$topology"
	if [[ $2 != sim ]]; then
		[[ -z $1 || $1 == none ]] ||
			usage_error "--costs: only the machine sim has a table of costs, not $2"
		[[ -z $coherence$topology ]] ||
			usage_error "--coherence, --topology: only the machine sim has caches to choose, not $2"
		printf 'none'
		return 0
	fi
	[[ $table != none || -z $coherence$topology ]] ||
		usage_error "--coherence, --topology: not with --costs none"
	[[ -z $topology ]] || table=topology=$topology:$table
	[[ -z $coherence ]] || table=coherence=$coherence:$table
	check_costs "$table"
	[[ -z $topology || $(cost_row "$table" coherence) == 1 ]] ||
		usage_error "--topology: without coherence there are no caches to share"
	printf '%s' "$table"
}

# check_cpus_fit TOPOLOGY CPUS - a machine of that shape has so many.
check_cpus_fit()
{
	local sockets l3s cores

	[[ -n $1 ]] || return 0
	IFS=x read -r sockets l3s cores <<<"$1"
	(($2 <= sockets * l3s * cores)) ||
		usage_error "--topology: $1 has $((sockets * l3s * cores)) CPUs, $2 are asked for"
}

# costs_json TABLE - the table's values as an object, or "none".
costs_json()
{
	if [[ $1 == none ]]; then
		printf '"none"'
	else
		costs_text "$1" |
			jq -cRn '[inputs | select(test("^[a-z]")) | split("\t") | { (.[0]): (.[1] | tonumber) }] | add'
	fi
}
