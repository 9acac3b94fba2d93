# SPDX-License-Identifier: GPL-2.0
#
# stacks.awk - attribution.tsv at one number of pages and most threads, for gnuplot.
#
#   awk -F '\t' -v pages=P -v dir=D -f vars.awk -f stacks.awk summary.tsv attribution.tsv
#
# Writes D/WORKLOAD.tsv (a line for each variant: its number, its time, and the
# sums of its first 1, 2, ... parts) and D/vars.txt.
#
# A part below 0 (see docs/metrics.md) cannot be stacked. It is drawn as 0, and the
# caption says so.

function words(list, item)
{
	return list == "" ? item : list " " item
}

# A part keeps its colour in every campaign; those not known here take the last.
BEGIN {
	slots = split("flush and IPIs|lock wait|free-space search|page tables|rest|user mode|halted", \
		known, "|")
	for (i = 1; i <= slots; i++)
		slot[known[i]] = i
}

FNR == 1 { next }

NR == FNR {
	machine = $2
	cpus = $5
	next
}

$3 != pages { next }

{
	if (!($1 in variant_seen)) {
		variant_seen[$1] = 1
		variant[++variants] = $1
	}
	if (!($2 in workload_seen)) {
		workload_seen[$2] = 1
		workload[++workloads] = $2
	}
	if (!($5 in part_seen)) {
		part_seen[$5] = 1
		part[++parts] = $5
	}
	if ($4 + 0 > most)
		most = $4 + 0
	ns[$2, $1, $4 + 0, $5] = $6
	if ($6 + 0 != 0)
		used[$5, $4 + 0] = 1
}

END {
	for (w = 1; w <= workloads; w++) {
		file = dir "/" workload[w] ".tsv"
		names = words(names, workload[w])
		for (v = 1; v <= variants; v++) {
			sum = whole = 0
			line = ""
			found = 0
			for (p = 1; p <= parts; p++) {
				key = workload[w] SUBSEP variant[v] SUBSEP most SUBSEP part[p]
				found += key in ns
				whole += ns[key]
				if (ns[key] < 0)
					below = 1
				else
					sum += ns[key]
				if ((part[p], most) in used)
					line = line "\t" sum
			}
			if (found)
				print v "\t" whole line > file
			else
				print v "\tNaN" > file
		}
	}
	n = 0
	for (v = 1; v <= variants; v++)
		list = words(list, variant[v])
	for (p = 1; p <= parts; p++)
		if ((part[p], most) in used) {
			var("part " ++n, part[p])
			var("colour " n, part[p] in slot ? slot[part[p]] : 8)
		}
	var("workloads", names)
	var("variants", list)
	var("parts", n)
	var("machine", machine)
	var("caption", "machine " machine ", " cpus " CPUs, " pages " pages per operation, " most \
		" threads. Each panel has its own y axis" \
		(below ? "; parts below 0 are not drawn" : "") ".")
}
