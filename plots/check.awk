# SPDX-License-Identifier: GPL-2.0
#
# check.awk - is a campaign's table fit to be drawn? Its fields become names of files and
# words of gnuplot's. Exit code 2, and a line on standard error, if it is not.
#
#   awk -F '\t' -f check.awk summary.tsv

# What the columns of each table are: name, text, count (a whole number) or figure.
BEGIN {
	# More are not counted, or not exactly.
	DIGITS = 16
	# A longer figure is no double any more.
	FIGURE = 40
	kinds["variant\tmachine\tworkload\tpages\tcpus\tthreads\tmetric\tunit\tn\tmedian\tlo\thi"] = \
		"name name name count count count name text count figure figure figure"
	kinds["variant\tworkload\tpages\tthreads\tpart\tns_per_op"] = \
		"name name count count text figure"
	kinds["variant\tworkload\tpages\tthreads\tarea\tinsns\tns"] = \
		"name name count count text count count"
	kinds["variant\tworkload\tpages\tthreads\tops\tlive_pages\tareas\tspace_pages\tlazy_pages"] = \
		"name name count count figure figure figure figure figure"
	kinds["variant\tworkload\tpages\tthreads\tspace_pages\tstep\tmaps\tstep_maps\tns\tblock_ns"] = \
		"name name count count figure figure figure figure figure figure"
	shape["name"] = "^[A-Za-z0-9_+][A-Za-z0-9._+-]*$"
	shape["text"] = ""
	shape["count"] = "^[0-9]+$"
	shape["figure"] = "^(-?[0-9]+[.]?[0-9]*(e[-+]?[0-9][0-9]?)?)?$"
	called["name"] = "a name"
	called["count"] = "a whole number"
	called["figure"] = "a number"
}

function refuse(what)
{
	gsub(/[^ -~]/, "?", what)
	print FILENAME ":" FNR ": " substr(what, 1, 200) > "/dev/stderr"
	exit 2
}

FNR == 1 {
	if (!($0 in kinds))
		refuse("not the first line of such a table")
	columns = split(kinds[$0], kind, " ")
	next
}

NF != columns { refuse(NF " columns, not " columns) }

{
	for (i = 1; i <= columns; i++)
		if ($i !~ shape[kind[i]] || kind[i] == "count" && length($i) > DIGITS || \
		    kind[i] == "figure" && length($i) > FIGURE)
			refuse("\"" $i "\" is not " called[kind[i]])
}
