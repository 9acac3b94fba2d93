# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# lacking.sh - workloads that a kernel cannot have, because it has no function that
# they call. They are left out of its module and named in a file beside it. Sourced by
# build-module.sh, and by those who ask.

# unknown_functions LOG - what a module called that the kernel does not declare or does
# not export.
unknown_functions()
{
	sed -nE -e 's/.*error: implicit declaration of function .([A-Za-z0-9_]+)[^A-Za-z0-9_].*/\1/p' \
		-e 's/^(ERROR|WARNING): modpost: "([A-Za-z0-9_]+)" .* undefined!$/\2/p' -- "$1" | sort -u
}

# stub FILE FUNCTION - in the place of a file of workloads: the same names, and each
# says what is missing.
stub()
{
	local names
	names=$(sed -nE 's/^const struct vmap_bench_workload ([a-z_]+) = \{$/\1/p' "$1")

	[[ -n $names ]] || return 1
	awk -v function_name="$2" '
	BEGIN {
		printf "// SPDX-License-Identifier: GPL-2.0\n#include \"vmap_bench.h\"\n\n"
		printf "static int op(struct vmap_bench_thread *t)\n{\n"
		printf "\treturn vmap_bench_fail(t, -EOPNOTSUPP, \"this kernel has no %s\");\n}\n", function_name
	}
	/^const struct vmap_bench_workload [a-z_]+ = \{$/ { printf "\n%s\n", $0; inside = 1 }
	inside && /\.name[ \t]*=/ { print; print "\t.text\t= \"not in this kernel\",\n\t.op\t= op,\n};"; inside = 0 }
	' "$1" >"$1.new" && mv -T -- "$1.new" "$1"
}

# leave_out OUT LOG - stubs for the workloads in OUT that LOG says cannot be built, and
# their names in OUT/lacks. Fails when the fault is another one.
leave_out()
{
	local out=$1 function file found=false

	while IFS= read -r function; do
		for file in "$out"/*.c; do
			grep -qE "\\<$function\\(" "$file" || continue
			[[ ${file##*/} == wl_* ]] || return 1
			sed -nE 's/^\t\.name[ \t]*= "([^"]*)".*/\1/p' "$file" |
				sed "s/.*/$function, which the workload & needs/" >>"$out/lacks"
			stub "$file" "$function" || return 1
			found=true
		done
	done < <(unknown_functions "$2")
	$found
}

# lacking_workloads NAME... - those that one of these kernels cannot have.
lacking_workloads()
{
	local name

	for name in "$@"; do
		[[ ! -s $VB_BUILD/module/$name/lacks ]] ||
			sed -n 's/.* the workload \([^ ]*\) needs$/\1/p' "$VB_BUILD/module/$name/lacks"
	done | sort -u
}
