#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# profile-pair.bats - profiles and stacks before and after, side by side and as
# flame graphs, from records whose figures are made up (tests/data/golden/README).

# Tests run in subshells; that is what they are for. jq has variables, too.
# shellcheck disable=SC2030,SC2031,SC2016

load ../lib/host-tools

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	golden=$TOP/tests/data/golden/pair
	cp -r "$golden" .
	rm -r pair/expected
	export VB_RESULTS=$PWD
}

pair()
{
	"$TOOLS/vb-pair" --parts "$TOP/tools/parts.tsv" --published "$TOP/published/profiles" "$@"
}

flame()
{
	"$TOOLS/vb-flame" --parts "$TOP/tools/parts.tsv" --workload xfs-dir --pages 4 --threads 2 "$@"
}

# edit FILE JQ - change the records of a file.
edit()
{
	jq -c "$2" "$golden/$1" >changed
	mv changed "pair/$1"
}

# refused TEXT COMMAND... - it says that and nothing else, exit 2.
refused()
{
	local text=$1
	shift
	run "$@"
	echo "$*: $status: $output"
	[ "$status" -eq 2 ]
	[ "$output" = "$text" ]
}

@test "report.sh: profile.txt and three flame graphs, the same bytes again" {
	"$TOP/scripts/report.sh" --id pair
	diff -u "$golden/expected/profile.txt" pair/profile.txt
	diff -u "$golden/expected/areas.tsv" pair/areas.tsv
	for f in before after diff; do
		cmp "$golden/expected/flame-$f.svg" "pair/plots/flame-$f.svg"
	done
	cp -r pair first
	rm pair/profile.txt pair/plots/flame-*
	"$TOP/scripts/report.sh" --id pair
	diff -r first pair
	# What is kept without its records stays.
	rm pair/*/run-1/profile.jsonl pair/*/run-1/stacks.jsonl
	"$TOP/scripts/report.sh" --id pair || [ $? -eq 1 ]
	cmp first/profile.txt pair/profile.txt
	cmp first/areas.tsv pair/areas.tsv
	cmp first/plots/flame-diff.svg pair/plots/flame-diff.svg
}

@test "report.sh: only campaigns of two variants with stacks are pairs" {
	for change in 'del(.stacks)' '.variants = ["vmlist"]'; do
		jq "$change" "$golden/campaign.json" >pair/campaign.json
		"$TOP/scripts/report.sh" --id pair
		[ ! -e pair/profile.txt ]
		[ ! -e pair/plots/flame-before.svg ]
	done
}

@test "report.sh: a point without a profile or stacks is exit 1, and it is said" {
	edit rewrite/run-1/profile.jsonl '.run = 2'
	edit rewrite/run-1/stacks.jsonl '.run = 2'
	run "$TOP/scripts/report.sh" --id pair
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"vb-pair: pair/rewrite/run-1/profile.jsonl: no profile of xfs-dir, 4 pages, 2 threads"* ||
	   $output == *"/rewrite/run-1/profile.jsonl: no profile of xfs-dir, 4 pages, 2 threads"* ]]
	[[ $output == *"no stacks of rewrite, xfs-dir, 4 pages, 2 threads"* ]]
	[ ! -s pair/profile.txt ]
	# What there is of it is drawn.
	[ -s pair/plots/flame-before.svg ]
	[ ! -e pair/plots/flame-diff.svg ]
}

@test "profile.txt: counts add up to the total, shares to 100%, lines are short" {
	pair pair >out
	run ! grep -E '.{77}| $' out
	awk '/^  symbol/ { in_table = 1; next }
	!in_table || !NF { next }
	/^  total/ { total_b = $2; total_a = $3; next }
	{
		# Counts and counts by bytes, which have a point in them.
		n = split(substr($0, 42), f)
		sum_b += f[1] == "-" ? 0 : f[1]
		sum_a += $NF == "-" ? 0 : (f[n] ~ /\./ ? f[n - 1] : f[n])
	}
	END { print total_b, sum_b, total_a, sum_a; exit total_b != sum_b || total_a != sum_a || !sum_a }' out
	sed -n 's/.*: *\([0-9.]*\)% -> *\([0-9.]*\)% of kernel instructions$/\1 \2/p' out |
		awk '{ b += $1; a += $2 } END { print b, a; exit sprintf("%.1f %.1f", b, a) != "100.0 100.0" }'
	awk '/^ *subsystem  instr/ { on = 1; next } on && !NF { exit } on && !/---|total/ { b += $(NF - 4); a += $NF == "-" ? 0 : $NF }
		END { print b, a; exit sprintf("%.1f %.1f", b, a) != "100.0 100.0" }' out
}

@test "vb-pair: what is too small is one line, static functions of one name another" {
	edit vmlist/run-1/profile.jsonl '.symbols |= map(if .name == "tiny_thing" then .insns = 100, (.name = "remove_vm_area" | .size = 56 | .insns = 100) else . end)'
	pair pair >out
	grep -qE '^V remove_vm_area +20100 +100.5000 +-$' out
	grep -qE '^  1 other symbols +100 +-$' out
	# Large counts have no room for four decimals, and a long name is cut.
	edit vmlist/run-1/profile.jsonl '.symbols[0] |= (.insns = 123456789012 | .name = "queued_" + "x" * 60)'
	pair pair >out
	run ! grep -E '.{77}' out
	grep -qE '^  queued_x+~ +123457229012 482254800.8 +-$' out
}

@test "a published profile is for its workload and its variants only" {
	grep -q '^ locks      _write_lock                798784   59.08 ' <(pair pair)
	for change in '.variants = ["rewrite", "vmlist"]'; do
		jq "$change" "$golden/campaign.json" >pair/campaign.json
		run ! grep -q Published <(pair pair)
	done
	for bad in 's/^area.*/area\tsymbol\tvmlist/|:13: not the header' 's/798784/-1/|:15: not a line of a published profile' 's/^all\ttotal\t1352059/all\ttotal\t100/|:15: more samples than the total' \
		's/^locks\tia64.*/locks\tia64_x\t700000\t-/|:17: more samples than the total, with those of the lines above' \
		's/^# date: .*/# date: 20`i/|: "date" is not a date' 's/^# date: .*/# date: 2008-08-18x/|: "date" is not a date' \
		's/^vmap\tremove/lockz\tremove/|:20: there is no subsystem lockz' '/^all\t/d|no line of the total' \
		'/^# list/d|no line "# list: ..."' '/^[a-zTv].*\t/{/^a/!d}|no symbols'; do
		mkdir -p papers
		sed "${bad%|*}" "$TOP/published/profiles/vmap-rewrite-2008.tsv" >papers/x.tsv
		run "$TOOLS/vb-pair" --parts "$TOP/tools/parts.tsv" --published papers pair
		echo "$output"
		[ "$status" -eq 2 ]
		[[ $output == "vb-pair: error: papers/x.tsv"*"${bad#*|}"* ]]
		mkdir -p published/profiles
		cp papers/x.tsv published/profiles/
		run "$TOOLS/vb-published" --parts "$TOP/tools/parts.tsv" published
		[ "$status" -eq 2 ]
		[[ $output == "vb-published: error: published/profiles/x.tsv"*"${bad#*|}"* ]]
	done
	"$TOOLS/vb-published" --parts "$TOP/tools/parts.tsv" "$TOP/published"
}

@test "flame graphs are well-formed, without scripts, and widths are shares" {
	for args in "--variant vmlist" "--variant rewrite" "--variant vmlist --after rewrite"; do
		# shellcheck disable=SC2086
		flame $args pair >f.svg
		xmllint --noout f.svg || [ "$(command -v xmllint)" = "" ]
		run ! grep -qE '<script|href|onload' f.svg
	done
	flame --variant vmlist pair >f.svg
	# 400 of 850 samples are that much of 85% of 1180 pixels.
	grep -qF '<title>[spinning]: 40.00% of all time, 400000 ns</title><rect x="269.60" y="70.0" width="472.00" ' f.svg
	grep -qF '<title>[idle]: 15.00% of all time, 150000 ns</title>' f.svg
	# What the module's functions are called.
	flame --variant rewrite pair >f.svg
	grep -qF '<title>touch [vmap_bench]: 1.00% of all time, 1000 ns</title>' f.svg
	grep -qF '<title>a&lt;b&gt;&amp;c: ' f.svg
	flame --variant vmlist --after rewrite pair >f.svg
	grep -qF '<title>xfs_dir_lookup: 4.00% -&gt; 40.00% of all time, +36.00 points</title>' f.svg
	grep -qF 'queued_write_lock_slowpath: 45.00% -&gt; 0.00% of all time, -45.00 points' f.svg
	# All children of a frame together are as wide as it is, or less.
	awk -F '"' '/^<g>/ { w[$4] += $6; if ($6 > 1180) exit 1 } END { for (y in w) if (w[y] > 1180.1) exit 1 }' f.svg
}

@test "damaged stacks: file and line, exit 2" {
	while IFS='|' read -r change text; do
		echo "# $change"
		edit vmlist/run-1/stacks.jsonl "$change"
		refused "vb-flame: error: pair/vmlist/run-1/stacks.jsonl:1: $text" flame --variant vmlist pair
	done <<-END
	.type = "profile"|not a record of stacks
	del(.stacks)|"stacks" is missing or is not a list
	.stacks[0][1] = 0|a stack that is not ["frames", samples]
	.stacks[0][1] = 9007199254740994|a stack that is not ["frames", samples]
	.stacks[0,1][1] = 9007199254740992|counts too large to be added up
	.stacks[0][1] = 9007199254740992|counts too large to be added up
	.stacks[0][0] = ""|a stack that is not ["frames", samples]
	.stacks[0] += [1]|a stack that is not ["frames", samples]
	.every_ns = 0|"every_ns" is 0
	del(.busy_ns)|"busy_ns" is missing or is not a count
	END
	edit vmlist/run-1/stacks.jsonl '., .'
	refused "vb-flame: error: pair/vmlist/run-1/stacks.jsonl:2: second stacks of the same run" \
		flame --variant vmlist pair
}

@test "profiles that cannot be added up: file and line, exit 2" {
	for edit in '.symbols[0,1].spin_ns = 9007199254740992' '.symbols[0,1].insns = 9007199254740992' \
		'.symbols[0,1].cost_ns = 9007199254740992' '.symbols[0,1].size = 9007199254740992'; do
		edit vmlist/run-1/profile.jsonl "$edit"
		refused "vb-pair: error: pair/vmlist/run-1/profile.jsonl:1: counts too large to be added up" pair pair
		refused "vb-profile: error: pair/vmlist/run-1/profile.jsonl:1: counts too large to be added up" \
			"$TOOLS/vb-profile" pair/vmlist/run-1 --workload xfs-dir --pages 4 --threads 2
	done
	edit vmlist/run-1/profile.jsonl '.idle_ns = 9007199254740992'
	refused "vb-pair: error: the profile of vmlist, xfs-dir, 4 pages, 2 threads: counts too large to be added up" \
		pair pair
}

@test "damaged copies of stacks: file and line, exit 2" {
	cp "$TOP/tests/data/golden/profile"/{System.map,events.jsonl} .
	# The tables of any kernel do; this is a program without.
	refused "vb-stacks: error: $TOOLS/vb-stacks: no ORC tables: was it built with CONFIG_UNWINDER_ORC?" \
		"$TOOLS/vb-stacks" --map System.map --events events.jsonl --vmlinux "$TOOLS/vb-stacks" raw
	refused "vb-stacks: error: System.map: not an ELF file" \
		"$TOOLS/vb-stacks" --map System.map --events events.jsonl --vmlinux System.map raw
	refused "vb-stacks: error: nowhere: No such file or directory" \
		"$TOOLS/vb-stacks" --map System.map --events events.jsonl --vmlinux nowhere raw
	# One entry: what is at or behind _stext was called by nobody.
	printf '\0\0\0\0' >ip
	printf '\0\0\0\0\0\4' >orc
	objcopy -I binary -O elf64-x86-64 --rename-section .data=.orc_unwind_ip,alloc,readonly,data,contents ip a.o
	objcopy --add-section .orc_unwind=orc --change-section-address .orc_unwind_ip=0xffffffff81000000 a.o vmlinux
	sample='["work",3,"ffffffff81000300",65536,0,[65536,"ffffffff81000410"]]'
	head='{"v":1,"type":"stacks","run":1,"every_ns":10,"busy_ns":30,"idle_ns":0,"user":0,"samples"'
	stacks() {
		"$TOOLS/vb-stacks" --map System.map --events events.jsonl --vmlinux vmlinux raw
	}
	printf '%s:[%s,%s]}\n' "$head" "$sample" "${sample/work/spin}" >raw
	[ "$(stacks | jq -c .stacks)" = '[["_raw_spin_lock",3],["_raw_spin_lock;[spinning]",3]]' ]
	while IFS='|' read -r change text; do
		echo "# $change"
		jq -c "$change" raw >changed
		mv changed broken
		refused "vb-stacks: error: broken:1: $text" "$TOOLS/vb-stacks" --map System.map \
			--events events.jsonl --vmlinux vmlinux broken
	done <<-END
	.samples[0][0] = "play"|a sample of no known kind
	.samples[0][1] = -1|a sample with something that is not a count
	.samples[0][2] = "x"|a sample with something that is not an address
	.samples[0][5] = [1]|a sample without a stack
	.samples[0][5] = [8, "f0", 8, "f0"]|a stack that is not sorted by address
	.samples[0] += [1]|a sample that is not [kind, count, "ip", sp, bp, [stack]]
	del(.samples)|"samples" is missing or is not a list
	END
}

@test "usage errors are exit 2, --help is 0, a full disk is an error" {
	for tool in vb-pair vb-flame vb-stacks; do
		"$TOOLS/$tool" --help | grep '^usage:'
	done
	while read -r args; do
		# shellcheck disable=SC2086
		run "$TOOLS"/$args
		echo "$output"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == *"try --help"* ]]
	done <<-END
	vb-pair
	vb-pair pair
	vb-pair --parts
	vb-pair --parts p pair pair
	vb-pair --no-such-option
	vb-flame pair
	vb-flame --parts p --variant v --workload w --pages 4 pair
	vb-flame --parts p --variant v --workload w --pages 0 --threads 1 pair
	vb-flame --parts p --variant v --workload w --pages 4 --threads x pair
	vb-flame --parts p --variant v --workload w --pages 4 --threads 1
	vb-flame --no-such-option pair
	vb-stacks raw
	vb-stacks --map m --vmlinux v raw
	vb-stacks --map m --vmlinux v --events e
	vb-stacks --map
	END
	rc=0
	pair pair 2>err >/dev/full || rc=$?
	[ "$rc" -eq 2 ]
	grep -q 'cannot write the output: No space left on device' err
	jq '.variants += ["mainline"]' "$golden/campaign.json" >pair/campaign.json
	refused "vb-pair: error: pair: two variants can be compared, and it has 3" pair pair
}

@test "vmapbench profile: what a user may type wrong, and what is passed on" {
	export VB_BUILD=$PWD/build VMAPBENCH_CACHE=$PWD/cache
	refuses() {
		local text=$1
		shift
		run "$TOP/scripts/vmapbench" profile "$@"
		echo "profile $*: $status: $output"
		[ "$status" -eq 2 ]
		[[ $output == *"$text"* ]]
		[ "${#lines[@]}" -eq 1 ]
		[ ! -e build ] && [ ! -e cache ]
	}
	refuses "unknown argument: --frob" --frob
	refuses "unknown argument: --frob" --frob 3
	refuses "--stacks needs a value" --stacks
	refuses "--ops needs a value" --ops
	refuses "--variants: give two, before and after, not 1" --variants vmlist
	refuses "--variants: vmlist is named twice" --variants vmlist,vmlist
	refuses "--workload: give one workload" --workload "ram vmap"
	refuses "--workload: no workload zap" --workload zap
	refuses "--threads: 0 is not a whole number" --readers 0
	refuses "--stacks on sim: 99 is not a whole number from 100 to 100000000" --stacks 99
	refuses "--id: ../x is not a plain name" --id ../x
	run "$TOP/scripts/vmapbench" profile --dry-run --readers 1,4 --pages 8 --ops 70
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "campaign profile-ram in $PWD/profile-ram" ]
	[ "${lines[1]}" = "machine sim, 4 CPUs, 576 MB" ]
	[ "${lines[5]}" = "point bare ram 8 4 70 50" ]
	[ ! -e build ] && [ ! -e cache ]
}
