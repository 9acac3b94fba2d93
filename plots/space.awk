# SPDX-License-Identifier: GPL-2.0
#
# space.awk - space.tsv at one number of pages and most threads, for gnuplot.
#
#   awk -F '\t' -v pages=P -v dir=D -f vars.awk -f space.awk summary.tsv space.tsv
#
# Writes D/VARIANT.tsv: operations, MiB in use, MiB of that held (not lazily free), MiB
# mapped; and D/vars.txt. What was in use before the first map is left out.

function mib(n)
{
	return n * 4 / 1024
}

FNR == 1 { next }

NR == FNR {
	machine = $2
	cpus = $5
	next
}

$3 == pages && $4 + 0 > most { most = $4 + 0 }

$3 == pages { line[++lines] = $0 }

END {
	for (i = 1; i <= lines; i++) {
		split(line[i], f, "\t")
		if (f[4] + 0 != most)
			continue
		if (!(f[1] in held)) {
			variants = variants == "" ? f[1] : variants " " f[1]
			used[f[1]] = f[8]
			held[f[1]] = f[8] - f[9]
		}
		print f[5] "\t" mib(f[8] - used[f[1]]) "\t" mib(f[8] - f[9] - held[f[1]]) "\t" mib(f[6]) \
			> (dir "/" f[1] ".tsv")
		workload = f[2]
	}
	var("variants", variants)
	var("machine", machine)
	var("caption", "machine " machine ", " cpus " CPUs, workload " workload ", 1 to " pages \
		" pages, " most (most == 1 ? " thread" : " threads") \
		". Thin: less what is lazily free.")
}
