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

# check_costs TABLE - none, or a table of rows that the default one has, each in its range:
# the first four at least, with coherence 1 those of the caches as well. The simulator
# (sim/costs.c) asks for the same when it reads the table.
check_costs()
{
	local wrong file

	file=$(costs_file "$1")

	[[ $1 != none ]] || return 0
	[[ -f $file && -r $file ]] || usage_error "--costs: cannot read $file"
	wrong=$(costs_text "$1" | awk -F'\t' '
		function row(name, least, most, when) {
			min[name] = least
			max[name] = most
			needed[name] = when
		}
		# Of a name: its range, and when a table has to have it.
		BEGIN {
			row("ipi_delivery", 0, 1000000, "always")
			row("tlb_flush_page", 0, 1000000, "always")
			row("tlb_flush_all", 0, 1000000, "always")
			row("line_transfer", 0, 1000000, "always")
			row("ipi_lines", 0, 1000000, "never")
			row("insn_ns", 0.01, 100, "never")
			row("coherence", 0, 1, "never")
			row("atomic", 0, 1000000, "caches")
			row("l3_hit", 0, 1000000, "caches")
			row("line_l3", 0, 1000000, "caches")
			row("line_socket", 0, 1000000, "caches")
			row("line_remote", 0, 1000000, "caches")
			row("cache_kib", 4, 4096, "caches")
			row("cache_ways", 1, 64, "caches")
			row("cores_per_l3", 1, 4096, "caches")
			row("l3s_per_socket", 1, 64, "caches")
		}
		function bad(text) { print text; failed = 1; exit }
		/^#/ || !NF { next }
		!($1 in min) { bad("line " NR ": there is no cost " $1) }
		$1 == "insn_ns" && $2 !~ /^(0|[1-9][0-9]*)([.][0-9][0-9]?[0-9]?)?$/ ||
		$1 != "insn_ns" && $2 !~ /^(0|[1-9][0-9]*)$/ || $2 + 0 < min[$1] || $2 + 0 > max[$1] {
			bad("line " NR ": " $1 " is not a " ($1 == "insn_ns" ? "" : "whole ") "number from " \
			    min[$1] " to " max[$1] ($1 == "insn_ns" ? ", with three decimals at most" : ""))
		}
		$1 in seen { bad("line " NR ": " $1 " is there twice") }
		{ seen[$1] = $2 }
		END {
			if (failed)
				exit
			for (name in min)
				if (!(name in seen) && (needed[name] == "always" ||
				    needed[name] == "caches" && seen["coherence"] == 1))
					missing = name < missing || missing == "" ? name : missing
			if (missing != "")
				bad(missing " is missing")
			if (seen["coherence"] != 1)
				exit
			sets = seen["cache_kib"] * 16 / seen["cache_ways"]
			while (sets > 1)
				sets /= 2
			if (sets != 1)
				print "cache_kib x 1024 / 64 / cache_ways has to be a power of 2"
		}')
	[[ -z $wrong ]] || usage_error "--costs: $file: $wrong"
}

# caches_of TABLE - CORES at an L3 and L3S in a socket; 0 0 where there are no caches.
caches_of()
{
	{ [[ $1 == none ]] || costs_text "$1"; } | awk -F'\t' '{ row[$1] = $2 }
		END { print row["coherence"] == 1 ? row["cores_per_l3"] " " row["l3s_per_socket"] : "0 0" }'
}

# cost_row TABLE NAME - the value of a row; nothing if there is none.
cost_row()
{
	[[ $1 == none ]] || costs_text "$1" | awk -F'\t' -v name="$2" '$1 == name { print $2 }'
}

# check_topology TEXT COSTS - SOCKETSxL3SxCORES; COSTS is the table that was asked for.
check_topology()
{
	[[ $1 =~ ^([1-9][0-9]{0,2})x([1-9][0-9]{0,1})x([1-9][0-9]{0,2})$ ]] ||
		usage_error "--topology: $1 is not SOCKETSxL3SxCORES, as 2x1x32: L3 caches of a socket, cores behind each"
	((BASH_REMATCH[1] * BASH_REMATCH[2] <= 64)) ||
		usage_error "--topology: $1 has more than 64 L3 caches"
	[[ -n $2 ]] || ((BASH_REMATCH[2] == 1)) ||
		usage_error "--topology: $1 has several L3 caches in a socket, and the default table has no line_socket of such a machine: name one with --costs"
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
		function put(value, option) { if ($2 != value) { $2 = value; $3 = option } }
		coherence && $1 == "coherence" { put(coherence == "on", "--coherence"); had = 1 }
		l3s && $1 == "l3s_per_socket" { put(l3s, "--topology") }
		cores && $1 == "cores_per_l3" { put(cores, "--topology") }
		{ print }
		END { if (coherence && !had) print "coherence", coherence == "on", "--coherence" }' \
		"$(costs_file "$1")"
}

# settle_costs COSTS MACHINE [COHERENCE [TOPOLOGY]] - the table to use, as costs_text() takes
# it, or none: what is asked for is checked, and only sim has costs.
settle_costs()
{
	local table=${1:-$VB_COSTS} coherence=${3:-} topology=${4:-}

	[[ -z $coherence || $coherence == on || $coherence == off ]] ||
		usage_error "--coherence: $coherence is neither on nor off"
	[[ -z $topology ]] || check_topology "$topology" "$1"
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
	# No name of a file is then taken for what is changed in it.
	[[ $table == none || $table == /* || $table == coherence=*:* || $table == topology=*:* ]] ||
		table=$PWD/$table
	[[ -z $topology ]] || table=topology=$topology:$table
	[[ -z $coherence ]] || table=coherence=$coherence:$table
	check_costs "$table"
	[[ -z $topology || $(cost_row "$table" coherence) == 1 ]] ||
		usage_error "--topology: without coherence there are no caches to share"
	printf '%s' "$table"
}

# topology_cpus TOPOLOGY - how many a machine of that shape has.
topology_cpus()
{
	local sockets l3s cores

	IFS=x read -r sockets l3s cores <<<"$1"
	printf '%s' $((sockets * l3s * cores))
}

# check_cpus_fit TABLE TOPOLOGY CPUS - a machine of that shape has so many, and the last one
# of them has a number that its interrupt controller can have.
check_cpus_fit()
{
	local cores l3s caches cpu=$(($3 - 1)) id

	[[ -z $2 ]] || (($3 <= $(topology_cpus "$2"))) ||
		usage_error "--topology: $2 has $(topology_cpus "$2") CPUs, $3 are asked for"
	caches=$(caches_of "$1")
	read -r cores l3s <<<"$caches"
	((cores > 0)) || return 0
	# A field of bits each: core, L3, socket.
	id=$((((cpu / (cores * l3s) << $(bits_for "$l3s")) + cpu / cores % l3s << $(bits_for "$cores")) + cpu % cores))
	((id < 255)) ||
		usage_error "--topology: CPU $cpu of sockets of $l3s x $cores cores would have the APIC id $id; 254 is the highest"
}

# bits_for N - that N different numbers need.
bits_for()
{
	local bits=0

	while (((1 << bits) < $1)); do
		bits=$((bits + 1))
	done
	printf '%s' "$bits"
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
