#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# hostile.bats - a campaign from anybody: nothing in it is run, and nothing is written
# outside of it. Its figures are made up (tests/data/golden/README).

# What gnuplot and jq are to see is not for the shell; tests run in subshells.
# shellcheck disable=SC2016,SC2030,SC2031
load ../lib/host-tools

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	mkdir in
	fresh
}

# fresh - the campaign sim as it should be.
fresh()
{
	rm -rf in/sim
	cp -r "$TOP/tests/data/golden/sim" in/
	mv in/sim/expected/*.tsv in/sim/
	rm -r in/sim/expected
}

# harmless - nobody ran a command, and nothing is new outside of the campaign.
harmless()
{
	[ -z "$(find . -name 'PWNED*')" ]
	[ "$(ls in)" = sim ]
}

# cell TABLE ROW COLUMN TEXT - change a cell of a table; row 0 stands for all.
cell()
{
	new=$4 awk -F '\t' -v OFS='\t' -v row="$2" -v column="$3" \
		'NR > 1 && (!row || NR == row) { $column = ENVIRON["new"] } 1' "in/sim/$1" >cells
	mv cells "in/sim/$1"
}

# listing DIR - all that is in it, and a hash of each file.
listing()
{
	(cd "$1" && find . -printf '%y %p %l\n' | sort && find . -type f -exec sha256sum {} + | sort)
}

# refused COMMAND... - exit 2, one line, and nothing has changed.
refused()
{
	rm -rf before
	cp -a in before
	run timeout 60 "$@"
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	diff <(listing before) <(listing in)
	rm -rf before
	harmless
}

@test "names in campaign.json that are none: exit 2, the file and the name" {
	while IFS='|' read -r edit text; do
		fresh
		edit=${edit/touch PWNED/touch $PWD/PWNED}
		text=${text/touch PWNED/touch $PWD/PWNED}
		jq "$edit" in/sim/campaign.json >edited
		mv edited in/sim/campaign.json
		refused "$TOP/scripts/report.sh" in/sim
		[[ $output == *"in/sim/campaign.json: "*"$text"* ]]
		refused "$TOP/scripts/report.sh" --dry-run in/sim
		case $edit in
		*1e99*) continue ;;
		esac
		refused "$TOOLS/vb-summarise" in/sim
		[[ $output == *"in/sim/campaign.json: "* ]]
	done <<-'END'
	.machine = "x\"; system(\"touch PWNED\"); y=\""|"machine" is "x\"; system
	.machine = "`touch PWNED`"|"machine" is
	.machine = ["sim"]|"machine" is ["sim"]
	.variants[0] = "../x"|"variants" has "../x"
	.variants[0] = ".."|"variants" has ".."
	.variants[1] = "-x"|"variants" has "-x"
	.variants[1] = "<touch PWNED;"|"variants" has "<touch PWNED;"
	.variants[1] = "x\n"|"variants" has "x\n"
	.variants = "vmlist"|"variants" has "vmlist"
	.variants = []|"variants" has []
	.workloads[0] = "$(touch PWNED)"|"workloads" has "$(touch PWNED)"
	.workloads[0] = "a b"|"workloads" has "a b"
	.workloads[0] = null|"workloads" has null
	.pages[0] = "4; touch PWNED"|"pages" has "4; touch PWNED"
	.pages[0] = 1.5|"pages" has 1.5
	.threads[0] = "../../x"|"threads" has "../../x"
	.boots = 1e99|"boots" is 1
	END
}

@test "an odd name is printed without what moves a terminal's cursor" {
	jq '.machine = "\u001b[2J\u009b2J"' in/sim/campaign.json >edited
	mv edited in/sim/campaign.json
	refused "$TOP/scripts/report.sh" in/sim
	[[ $output != *[![:print:]]* ]]
}

@test "a campaign.json that is cut off: exit 2" {
	truncate -s 100 in/sim/campaign.json
	refused "$TOP/scripts/report.sh" in/sim
	[[ $output == *"in/sim/campaign.json: it is damaged"* ]]
}

@test "links, pipes and the like: exit 2, and nothing is written through them" {
	mkdir out
	printf 'mine\n' >out/file
	while IFS='|' read -r path command; do
		fresh
		"$TOP/scripts/seal.sh" in/sim
		rm -rf "in/sim/$path"
		mkdir -p "$(dirname "in/sim/$path")"
		# shellcheck disable=SC2034 # for the command
		file=in/sim/$path
		eval "$command"
		for script in report.sh "report.sh --dry-run" seal.sh "seal.sh --check" "seal.sh --again"; do
			# shellcheck disable=SC2086
			refused "$TOP"/scripts/$script in/sim
			[[ $output == *"in/sim/$path is neither a regular file nor a directory"* ]]
			[ "$(ls out)" = file ]
			[ "$(cat out/file)" = mine ]
		done
	done <<-'END'
	summary.tsv.new|ln -s "$PWD/out/file" "$file"
	report.txt.new|ln -s "$PWD/out/new" "$file"
	seal.new|ln -s "$PWD/out/file" "$file"
	plots|ln -s "$PWD/out" "$file"
	plots/.flames|ln -s "$PWD/out" "$file"
	plots/.tmp.x|ln -s "$PWD/out" "$file"
	profiles|ln -s "$PWD/out" "$file"
	profiles/.new|ln -s "$PWD/out" "$file"
	profiles/x.txt|ln -s ../../../out/file "$file"
	vmlist/run-1|ln -s "$PWD/out" "$file"
	vmlist/run-1/profile.jsonl|mkfifo "$file"
	attribution.tsv|mkfifo "$file"
	campaign.json|mkfifo "$file"
	campaign.json|ln -s /dev/zero "$file"
	summary.tsv|ln -s nothing "$file"
	END
}

@test "a directory that is a link itself, and what a figure that was killed has left: fine" {
	mkdir -p in/sim/plots/.tmp.x/time
	ln -s "$TOP/plots" in/sim/plots/.tmp.x/time/plots
	ln -s in/sim sim
	"$TOP/scripts/report.sh" sim
	[ -s in/sim/plots/time.svg ]
}

# sealed_again CODE TEXT - report.sh with that exit code; the seal is as it was unless 0.
sealed_again()
{
	cp in/sim/seal seal
	run "$TOP/scripts/report.sh" in/sim
	[ "$status" -eq "$1" ]
	[[ $output == *"$2"* ]]
	[ "$1" -eq 0 ] || cmp seal in/sim/seal
}

@test "a table that report.sh did not make is not sealed again unless it is as it was" {
	rm in/sim/*/run-1/profile.jsonl
	"$TOP/scripts/seal.sh" in/sim
	sealed_again 0 ''
	"$TOP/scripts/seal.sh" --check in/sim
	cell attribution.tsv 2 6 499
	sealed_again 1 "in/sim/attribution.tsv: was changed after it was sealed"
	run "$TOP/scripts/seal.sh" --check in/sim
	[ "$status" -eq 2 ]
	# One that nobody had sealed.
	sed -i '/attribution.tsv/d; s/^# .*//' in/sim/seal
	sed -i '/^$/d' in/sim/seal
	printf '# %s files\n' "$(wc -l <in/sim/seal)" >>in/sim/seal
	sealed_again 1 "in/sim/attribution.tsv: was not sealed"
	# One that is gone.
	fresh
	rm in/sim/*/run-1/profile.jsonl
	"$TOP/scripts/seal.sh" in/sim
	rm in/sim/attribution.tsv
	sealed_again 1 "in/sim/attribution.tsv: is missing"
}

@test "a table that report.sh made is sealed again, whatever it was" {
	"$TOP/scripts/seal.sh" in/sim
	cell attribution.tsv 2 6 499
	cell summary.tsv 2 10 499
	sealed_again 0 ''
	"$TOP/scripts/seal.sh" --check in/sim
	diff "$TOP/tests/data/golden/sim/expected/attribution.tsv" in/sim/attribution.tsv
}

@test "fill.tsv is sealed" {
	printf 'variant\tworkload\tpages\tthreads\tspace_pages\tstep\tmaps\tstep_maps\tns\tblock_ns\n' >in/sim/fill.tsv
	printf 'vmlist\tfill\t1\t1\t100\t1\t10\t10\t100\t\n' >>in/sim/fill.tsv
	"$TOP/scripts/seal.sh" in/sim
	"$TOP/scripts/seal.sh" --check in/sim
	cell fill.tsv 2 9 101
	run "$TOP/scripts/seal.sh" --check in/sim
	[ "$status" -eq 2 ]
	[[ $output == *"in/sim/fill.tsv: was changed after it was sealed"* ]]
	sealed_again 1 "in/sim/fill.tsv: was changed after it was sealed"
}

@test "seal.sh --made: a table, with --again only" {
	"$TOP/scripts/seal.sh" in/sim
	for args in "--again --made" "--again --made campaign.json" "--again --made trials.json" \
		"--made summary.tsv" "--check --made summary.tsv"; do
		# shellcheck disable=SC2086
		refused "$TOP/scripts/seal.sh" $args in/sim
	done
	cell summary.tsv 2 10 499
	run "$TOP/scripts/seal.sh" --again in/sim
	[ "$status" -eq 2 ]
	"$TOP/scripts/seal.sh" --again --made summary.tsv in/sim
	"$TOP/scripts/seal.sh" --check in/sim
}

@test "cells of tables that are no names or numbers: exit 2, the file and the line" {
	printf 'variant\tworkload\tpages\tthreads\tops\tlive_pages\tareas\tspace_pages\tlazy_pages\n' >space
	printf 'vmlist\tram\t4\t8\t100\t10\t10\t10\t1\n' >>space
	printf 'variant\tworkload\tpages\tthreads\tspace_pages\tstep\tmaps\tstep_maps\tns\tblock_ns\n' >fill
	printf 'vmlist\tfill\t1\t1\t100\t1\t10\t10\t100\t\n' >>fill
	while IFS='|' read -r table row column text; do
		fresh
		cp space in/sim/space.tsv
		cp fill in/sim/fill.tsv
		text=${text/touch PWNED/touch $PWD/PWNED}
		cell "$table" "$row" "$column" "$text"
		refused "$TOP/scripts/report/plot.sh" in/sim
		[[ $output == *"in/sim/$table:2: "*"$text"* ]]
	done <<-'END'
	summary.tsv|2|1|x"; system("touch PWNED"); y="
	summary.tsv|2|2|x"; system("touch PWNED"); y="
	summary.tsv|0|3|../../x
	summary.tsv|0|4|4'; system('touch PWNED'); y='
	summary.tsv|0|4|../../4
	summary.tsv|0|5|8"; system("touch PWNED"); y="
	summary.tsv|0|6|1"; system("touch PWNED"); y="
	summary.tsv|2|7|`touch PWNED`
	summary.tsv|0|10|system("touch PWNED")
	attribution.tsv|0|1|x"; system("touch PWNED"); y="
	attribution.tsv|0|2|../../x
	attribution.tsv|0|3|4"; system("touch PWNED"); y="
	attribution.tsv|0|4|8"; system("touch PWNED"); y="
	attribution.tsv|0|6|system("touch PWNED")
	space.tsv|0|1|<touch PWNED;
	space.tsv|0|2|x"; system("touch PWNED"); y="
	space.tsv|0|3|../../x
	fill.tsv|0|1|../TRAVERSED
	fill.tsv|0|1|.
	fill.tsv|0|5|system("touch PWNED")
	END
}

@test "tables of other columns: exit 2" {
	sed -i '1s/variant/x/' in/sim/attribution.tsv
	refused "$TOP/scripts/report/plot.sh" in/sim
	[[ $output == *"in/sim/attribution.tsv:1: "* ]]
	fresh
	sed -i '3s/$/\tmore/' in/sim/summary.tsv
	refused "$TOP/scripts/report/plot.sh" in/sim
	[[ $output == *"in/sim/summary.tsv:3: 13 columns, not 12"* ]]
}

@test "report.sh: a table that it keeps is looked at, too" {
	rm in/sim/*/run-1/profile.jsonl
	cell attribution.tsv 0 1 "x\"; system(\"touch $PWD/PWNED\"); y=\""
	run "$TOP/scripts/report.sh" in/sim
	[ "$status" -eq 2 ]
	harmless
	fresh
	printf 'variant\tworkload\tpages\tthreads\tspace_pages\tstep\tmaps\tstep_maps\tns\tblock_ns\n' >in/sim/fill.tsv
	printf '../TRAVERSED\tfill\t1\t1\t100\t1\t10\t10\t100\t5\n' >>in/sim/fill.tsv
	run "$TOP/scripts/report.sh" in/sim
	[ "$status" -eq 2 ]
	[[ $output == *'in/sim/fill.tsv:2: "../TRAVERSED" is not a name'* ]]
	[ -z "$(find . -name 'TRAVERSED*')" ]
}

@test "a part's name is text for gnuplot, whatever it is" {
	for text in 'a" . system("touch PWNED") . "' "b' . system('touch PWNED') . '" \
		'c`touch PWNED`' '$(touch PWNED)' '@PWNED' '%s\\n'; do
		fresh
		text=${text/touch PWNED/touch $PWD/PWNED}
		cell attribution.tsv 0 5 "$text"
		"$TOP/scripts/report/plot.sh" in/sim
		harmless
		[ -s in/sim/plots/attribution.svg ]
	done
	cell attribution.tsv 0 5 "it's a part"
	"$TOP/scripts/report/plot.sh" in/sim
	grep -qF "it's a part" in/sim/plots/attribution.svg
}

# change_vars NAME METRIC - what compare.awk makes of changes from NAME to NAME.
change_vars()
{
	local threads

	printf 'before_variant\tafter_variant\tmachine\tworkload\tpages\tthreads\tmetric\tbefore\tchange_pct\tlo_pct\thi_pct\tallowed_pct\tverdict\n' >compare.tsv
	for threads in 1 2 4; do
		printf '%s\t%s\t%s\tram\t4\t%d\t%s\t10\t5\t4\t6\t3\tREGRESSION\n' \
			"$1" "$1" "$1" "$threads" "$2" >>compare.tsv
	done
	mkdir -p change
	awk -F '\t' -v before="$1" -v after="$1" -v metric="$2" -v dir=change \
		-f "$TOP/plots/vars.awk" -f "$TOP/plots/compare.awk" compare.tsv
}

@test "a figure of a comparison: names as they are called, and no code" {
	change_vars mainline+x ns_per_op
	grep -qxF "$(printf 'pair\tmainline+x')" change/vars.txt
	grep -qxF "$(printf 'machine\tmainline+x')" change/vars.txt
	change_vars 'x`"@' ns_per_op
	grep -qxF "$(printf 'pair\tx???')" change/vars.txt
	awk -v prefix=f -v title='a" onload="b&<' -f "$TOP/plots/inline.awk" <<<'<svg width="9"></svg>' >page
	grep -qF 'aria-label="a? onload??b??"' page
}

@test "the date of a published file is a date, and no code" {
	mkdir vars
	file=$TOP/published/vmap-rewrite-2008.tsv
	extract() {
		awk -F '\t' -v metric=ns_per_op -v pages=4 -v dir=vars -f "$TOP/plots/vars.awk" -f "$TOP/plots/extract.awk" \
			published=1 "$1" published=0 in/sim/summary.tsv
	}
	extract "$file"
	grep -qxF "$(printf 'years\t2008')" vars/vars.txt
	for date in '`id`' '"@PW' 20 2008-8-18 2008-08-180; do
		rm -f vars/*
		awk -v date="$date" '/^# date: / { $0 = "# date: " date } 1' "$file" >paper.tsv
		run extract paper.tsv
		[ "$status" -eq 2 ]
		[[ $output == 'paper.tsv:8: "date" is not a date, 2008-08-18 or 2008-08' ]]
		[ ! -e vars/vars.txt ]
	done
}

@test "words for a kernel's command line are words, wherever they come from" {
	touch bzImage initrd plan
	export VMAPBENCH_CACHE=$PWD/cache
	# shellcheck disable=SC2016
	for text in '$(touch PWNED)' '`touch PWNED`' '"; touch PWNED; "' "'; touch PWNED; '" 'a\' 'a&b' $'a\nb' 'a|b' 'é'; do
		for words in "run/run-guest.sh --kernel . --initrd initrd --plan plan --cpus 1 --mem 64 --out run" \
			"trial.sh --id x --do users --dry-run"; do
			# shellcheck disable=SC2086
			refused "$TOP/scripts/"$words --append "$text"
			[[ $output == *"--append: "*" has more than letters, digits, blanks and "* ]]
		done
	done
	[ ! -e run ]
	"$TOP/scripts/trial.sh" --id x --do users --dry-run --append "a.b=c,d:e/f@g%h+i-j_k l" >out
}

@test "the script of a QEMU command has words as they are, and runs none of them" {
	# shellcheck disable=SC2034
	(
		. "$TOP/scripts/lib/lib.sh"
		. "$TOP/scripts/run/qemu-cmd.sh"
		machine_cmdline() { printf x; }
		machine_args() { :; }
		machine_preload() { :; }
		machine_plugin_args() { :; }
		topology_args() { :; }
		topology_cmdline() { :; }
		firmware_args() { :; }
		qemu_inputs() { printf 'inputs\n'; }
		costs_json() { printf none; }
		printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >qemu
		chmod +x qemu
		PLAN_ROOM=16 VARIANT=x COSTS=none KERNEL=/kernel INITRD=/initrd
		touch plan
		for APPEND in '$(touch PWNED) `touch PWNED` "\" $HOME '"'x' & ; | < *" 'plain=1 a,b:c'; do
			write_qemu_cmd "$PWD/qemu" '' false >qemu-cmd
			sh qemu-cmd >words
			grep -qxF "console=ttyS0 loglevel=5 nokaslr panic=-1 rdinit=/init x $APPEND" words
		done
		grep -qF -- '-append "console=ttyS0 loglevel=5 nokaslr panic=-1 rdinit=/init x plain=1 a,b:c" \' qemu-cmd
	)
	[ -z "$(find . -name 'PWNED*')" ]
}

@test "sizes and numbers of boots in records are text, and no arithmetic" {
	# shellcheck disable=SC2034
	(
		. "$TOP/scripts/lib/lib.sh"
		. "$TOP/scripts/run/guest-files.sh"
		. "$TOP/scripts/compare/decide.sh"
		set +u
		mkdir run
		data=$(printf 'hello' | gzip -n | base64 -w 0)
		for bytes in 'a[$(touch PWNED)]' 'BASH_VERSINFO[$(touch PWNED)]' '2+3' 5x '' -5 1234567890123; do
			jq -cn --arg bytes "$bytes" --arg data "$data" '
				{ v: 1, type: "file", name: "x", bytes: $bytes }, { v: 1, type: "file", name: "x", data: $data }' \
				>run/events.jsonl
			run take_file run x
			[ "$status" -eq 1 ] || { echo "$bytes: $status $output"; false; }
			[ ! -e run/x.gz ]
			[ -z "$(find . -name 'PWNED*')" ]
		done
		sed -i 's/"bytes":"[^"]*"/"bytes":5/' run/events.jsonl
		take_file run x
		[ "$(gzip -dc run/x.gz)" = hello ]
		RESULTS=$PWD
		for boots in '"a[$(touch PWNED)]"' '["a"]' 1.5 null 1e99 -1 '4 5'; do
			printf '{ "boots": %s }\n' "$boots" >run/campaign.json
			[ "$(boots_of run)" = 0 ] || { echo "$boots: $(boots_of run)"; false; }
		done
		printf '{ "boots": 7 }\n' >run/campaign.json
		[ "$(boots_of run)" = 7 ]
	)
	[ -z "$(find . -name 'PWNED*')" ]
}

# part SCRIPT FUNCTION - that function alone, of a script that would run.
part()
{
	eval "$(sed -n "/^$2()\$/,/^}\$/p" "$TOP/scripts/$1")"
}

@test "what a guest says moves no terminal's cursor" {
	# shellcheck disable=SC2034
	(
		. "$TOP/scripts/lib/lib.sh"
		. "$TOP/scripts/kernel/variants.sh"
		. "$TOP/scripts/run/watchdog.sh"
		. "$TOP/scripts/campaign/selftest-check.sh"
		set +u
		part perf.sh no_errors
		part shell.sh failed
		OUT=$PWD/run
		mkdir run
		odd=$(printf '\033[2J\302\233x\233\007')
		printf '[ 1.0] Kernel panic - not syncing: %s\r\n' "$odd" >run/console.log
		cp run/console.log run/qemu.err
		jq -cn '{ type: "point", workload: "st-map\u001b[2J" },
			{ type: "error", what: "no\u001b[2J\u009b\nmap" }' >run/events.jsonl
		run console_verdict
		[ "$status" -eq 1 ]
		[[ ${lines[0]} == *"the guest failed: panic: ?[2J"* ]]
		[ "$(cat run/failed)" = "panic: ?[2J??x??" ]
		for command in console_verdict 'no_errors run' 'failed it' 'selftest_verify run vmlist 1'; do
			# shellcheck disable=SC2086
			run $command
			[ "$status" -ne 0 ]
			[ -n "$output" ]
			[ -z "$(tr -d '\n\t -~' <<<"$output" | od -An -tx1)" ] || { echo "$command: $output"; false; }
		done
	)
}

@test "a seal names the files of a campaign, and no others" {
	"$TOP/scripts/seal.sh" in/sim
	cp in/sim/seal seal
	n=$(($(wc -l <seal) - 1))
	hash=$(printf '%064d' 0)
	mkfifo pipe
	for line in "$hash  /dev/zero" "$hash  -" "$hash  $PWD/pipe" "$hash  ../../pipe" "\\$hash  a\\nb" \
		"SHA256 (/dev/zero) = $hash" "$hash *campaign.json" "$hash  vmlist/run-1/../../../../pipe" "" "# 3 files"; do
		{ sed '$d' seal; printf '%s\n# %d files\n' "$line" $((n + 1)); } >in/sim/seal
		for script in "seal.sh --check" "seal.sh --again"; do
			# shellcheck disable=SC2086
			refused "$TOP"/scripts/$script in/sim
			[[ $output == *"in/sim/seal:$((n + 1)): not a hash of a file of a campaign"* ]]
		done
	done
	# A name is all of it: events.jsonl of another variant is another file.
	sed 's,  vmlist/run-1/events.jsonl,  xvmlist/run-1/events.jsonl,' seal >in/sim/seal
	cp -r in/sim/vmlist in/sim/xvmlist
	run "$TOP/scripts/seal.sh" --check in/sim
	[ "$status" -eq 2 ]
	[[ $output == *"in/sim/vmlist/run-1/events.jsonl: was not sealed"* ]]
}

@test "a directory in the place of a report: exit 2" {
	mkdir in/sim/report.txt
	run "$TOP/scripts/report.sh" in/sim
	[ "$status" -eq 2 ]
	[[ $output == *"cannot write in/sim/report.txt"* ]]
}

@test "control characters in a campaign's texts: exit 2" {
	jq '.id = "a\u001b[2J"' in/sim/campaign.json >edited
	mv edited in/sim/campaign.json
	refused "$TOP/scripts/report.sh" in/sim
	[[ $output == *"in/sim/campaign.json is damaged, or has control characters in a text"* ]]
	refused "$TOOLS/vb-summarise" in/sim
	[[ $output == *"in/sim/campaign.json: a control character in a text"* ]]
	fresh
	file=in/sim/vmlist/run-1/events.jsonl
	sed '1s/"variant":"[^"]*"/&,"x":"\\u001b[2J"/' "$file" >edited
	mv edited "$file"
	refused "$TOOLS/vb-summarise" in/sim
	[[ $output == *"vmlist/run-1/events.jsonl:1: a control character in a text"* ]]
	fresh
	sed '1s/"variant":"[^"]*"/&,"x":"\xe2\x80\xae"/' "$file" >edited
	mv edited "$file"
	refused "$TOOLS/vb-summarise" in/sim
	[[ $output == *"vmlist/run-1/events.jsonl:1: a control character in a text"* ]]
	# What bpftrace prints has lines; no campaign has such a record.
	fresh
	twin='{"v":1,"type":"twin","name":"purges","out":[{"type":"printf","data":"two\\nlines"}]}'
	sed "1s/.*/&\n$twin/" "$file" >edited
	mv edited "$file"
	refused "$TOOLS/vb-summarise" in/sim
	[[ $output == *'vmlist/run-1/events.jsonl:2: unknown record type "twin"'* ]]
	sed -i '2s/twin/tmin/' "$file"
	refused "$TOOLS/vb-summarise" in/sim
	[[ $output == *"vmlist/run-1/events.jsonl:2: a control character in a text"* ]]
}

@test "a seal is of the campaign's own directory, and of so many boots as there can be" {
	cp -r "$TOP/tests/data/golden/sim" sealed
	for edit in '.variants += ["../other"]' '.variants = ["."]' '.boots = 1e9' '.boots = 0.5' '.variants = "vmlist"'; do
		jq "$edit" "$TOP/tests/data/golden/sim/campaign.json" >sealed/campaign.json
		run "$TOP/scripts/seal.sh" sealed
		echo "$edit: $output"
		[ "$status" -eq 2 ]
		[[ $output == *"sealed/campaign.json is damaged" ]]
		[ ! -e sealed/seal ]
	done
}

@test "what docs/compare.md says is refused, is refused by all that it names" {
	row() { sed -n "s/^| $1 | \(.*\) |\$/\1/p" "$TOP/docs/compare.md" | grep -o '`[^`]*`' | tr -d '`'; }
	[ "$(row 'links, pipes and the like' | wc -l)" -eq 7 ]
	"$TOP/scripts/seal.sh" in/sim
	mkfifo in/sim/pipe
	export VB_RESULTS=$PWD/in
	while read -r command; do
		case $command in
		compare) set -- vmapbench compare ./in/sim ./in/sim ;;
		claim*) set -- vmapbench claim microbenchmark --from ./in/sim ;;
		# These boot guests: their own lines are looked at.
		bench | trial) grep -q '^	\[\[ ! -d $CAMPAIGN ]] || check_files' "$TOP/scripts/$command.sh"; continue ;;
		report) set -- report.sh in/sim ;;
		plot.sh) set -- report/plot.sh in/sim ;;
		*) set -- "$command" in/sim ;;
		esac
		run "$TOP/scripts/$1" "${@:2}"
		[ "$status" -eq 2 ] && [[ $output == *"in/sim/pipe is neither"* ]] || { echo "$command: $output"; false; }
	done < <(row 'links, pipes and the like')
	rm in/sim/pipe
	jq '.id = "a\u001b[2J"' in/sim/campaign.json >edited
	cat edited >in/sim/campaign.json
	[ "$(row 'control characters in a text' | wc -l)" -eq 4 ]
	rm in/sim/seal
	"$TOP/scripts/seal.sh" in/sim
	for args in "report.sh in/sim" "vmapbench compare ./in/sim ./in/sim" \
		"vmapbench claim microbenchmark --from ./in/sim" "seal.sh --check in/sim"; do
		# shellcheck disable=SC2086
		run "$TOP/scripts/"$args
		[ "$status" -eq 2 ] && [[ $output == *"control character"* ]] || { echo "$args: $output"; false; }
	done
}
