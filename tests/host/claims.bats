#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0
#
# claims.bats - does a command say of a published statement what it must? Of
# campaigns whose answer is known, and at the end in real guests.

# Tests run in subshells; that is what they are for. jq has variables, too.
# shellcheck disable=SC2030,SC2031,SC2016

bats_require_minimum_version 1.5.0

load ../lib/common
load ../lib/verdicts
load ../lib/campaigns
load ../lib/page

setup_file()
{
	make -s -C "$TOP/tools" OUT="$VB_BUILD/tools"
}

setup()
{
	cd -- "$BATS_TEST_TMPDIR" || return
	export VB_RESULTS=$PWD
}

# json DIR JQ - holds of the claim there.
json()
{
	jq -e "$2" "$1/claim.json" >/dev/null || { echo "does not hold: $2"; cat "$1/claim.json"; return 1; }
}

# mine SED - the microbenchmark's claim, changed, as mine.claim.
mine()
{
	sed "$1" "$TOP/claims/microbenchmark.claim" >mine.claim
	run ! cmp -s mine.claim "$TOP/claims/microbenchmark.claim"
}

# ns DIR VARIANT THREADS - its ns_per_op of ram there, as tables show it.
ns()
{
	awk -F '\t' -v variant="$2" -v threads="$3" '
		$1 == variant && $3 == "ram" && $6 == threads && $7 == "ns_per_op" { printf "%.0f", $10 }
		' "$1/summary.tsv"
}

# ratio DIR VARIANT THREADS VARIANT THREADS FACTOR - of two such times, and times FACTOR.
ratio()
{
	awk -v a="$(ns "$1" "$2" "$3")" -v b="$(ns "$1" "$4" "$5")" -v f="$6" 'BEGIN { printf "%.2f", a / b * f }'
}

# made_again DIR - its tables from its records, which were changed. What an operation is
# spent on would no longer add up to it.
made_again()
{
	rm -f "$1/attribution.tsv"
	"$TOP/scripts/report.sh" "$1" 2>/dev/null || true
	seal "$1"
}

# believed - from here on records give the tables that are there, for what no records give.
believed()
{
	mkdir -p believed/tools
	cp -rp "$VB_BUILD/tools/." believed/tools/
	rm believed/tools/vmapbench
	printf '#!/bin/sh\n[ "$1 $2" = "tables --check" ] || exec %s "$@"\n' "$VB_BUILD/tools/vmapbench" \
		>believed/tools/vmapbench
	chmod +x believed/tools/vmapbench
	# Newer than they are, make would link the other commands to it.
	touch -r "$VB_BUILD/tools/vmapbench" believed/tools/vmapbench
	export VB_BUILD=$PWD/believed
}

# claim_names - of all there are.
claim_names()
{
	find "$TOP/claims" -name '*.claim' -printf '%f\n' | sed 's/\.claim$//' | sort
}

# refuses TEXT - of mine.claim, before anything is run.
refuses()
{
	claim 2 ./mine.claim --dry-run
	says "claim: error: ./mine.claim$1"
}

@test "a claim that holds: theirs beside ours, every relation with its numbers, exit 0" {
	sim_campaign good
	claim 0 --from good microbenchmark
	[ "$(head -n 1 shown)" = "HOLDS: microbenchmark (given size)" ]
	reads " 8 70631 2900 24.36 $(ns good vmlist 8) $(ns good rewrite 8) [0-9.]+ "
	reads "holds: before: an operation takes at least 3 times as long with 8 threads as with 1 $(ns good vmlist 8) / $(ns good vmlist 1): [0-9.]+ >= 3 "
	json good "(.relations[0].left - $(ns good vmlist 8) / $(ns good vmlist 1) | fabs) < 0.001"
	reads 'from [0-9]+ to [0-9]+: 1.[0-9]+ <= 1.10 '
	run ! grep -E '.{80}' shown
	cmp shown good/claim.txt
	json good '.v == 1 and .claim == "microbenchmark" and .verdict == "HOLDS"'
	json good '[.relations[].holds] == [true, true, true, true] and .doubts == []'
	json good '.campaigns[0].id == "good" and .campaigns[0].threads == [1, 2, 4, 8]'
	# What its machine leaves out stands beside the verdict, once.
	reads 'Notes: .*- sim has caches here, by a table, and no memory bandwidth'
	json good '[.notes[] | select(startswith("sim has caches here, by a table"))] | length == 1'
	# The same again, and what was sealed is as it was.
	cp good/claim.json first.json
	claim 0 --from "$PWD/good" --json microbenchmark
	cmp first.json shown
	"$TOP/scripts/seal.sh" --check good
}

@test "a wrong relation does not hold, exit 1" {
	sim_campaign good
	more=$(ratio good vmlist 8 vmlist 1 2)
	mine "s/\">=\"; 3)/\">=\"; $more)/"
	claim 1 --from good --out out ./mine.claim
	[ "$(head -n 1 shown)" = "DOES NOT HOLD: mine (given size)" ]
	reads "DOES NOT HOLD: before: .* $(ns good vmlist 8) / $(ns good vmlist 1): [0-9.]+ >= $more "
	json out '[.relations[].holds] == [false, true, true, true]'
	[ ! -e good/claim.txt ]
	# The other way round, for each.
	for edit in 's/">="; 3)/"<"; 3)/' 's/">"; 1),/"<="; 1),/' 's/"<="; 1.10)/">"; 1.10)/'; do
		mine "$edit"
		claim 1 --from good ./mine.claim
	done
}

@test "records in which it is not so: exit 1" {
	sim_campaign bad
	# With one thread the new layer is the slower one.
	edit_clock bad rewrite "$(ratio bad vmlist 1 rewrite 1 1.2)"
	made_again bad
	claim 1 --from bad microbenchmark
	reads "DOES NOT HOLD: after is faster than before with 1 thread $(ns bad vmlist 1) / $(ns bad rewrite 1): 0.[0-9]+ > 1 "
	json bad '[.relations[].holds] == [true, true, true, false]'
	sim_campaign flat
	jq -c '(.thread | length) as $n | .thread |= map(.spin_ns = 0 | .halt_ns = 0 | .cost_ns = 0 |
		.early_insns = 0 | .insns = 100000000 / $n | .ns = .insns) |
		.window_ns = ([.window_ns, .thread[].ns] | max)' \
		flat/vmlist/run-1/clock.jsonl >clock.new
	mv clock.new flat/vmlist/run-1/clock.jsonl
	made_again flat
	claim 1 --from flat microbenchmark
	json flat '[.relations[:2][].holds] | any | not'
}

@test "what the machine leaves out: that it had no caches, of one thread, of real time" {
	sim_campaign good
	edit_campaign good '.costs.coherence = 0'
	claim 0 --from good --out out microbenchmark
	reads 'sim has no caches here: .* A verdict with more than one thread can depend on that'
	model()
	{
		printf '%s\n' "$1" >campaign.json
		"$VB_BUILD/tools/vb-claim" --model campaign.json
	}
	[[ $(model '{"machine":"sim","costs":"none","threads":[1]}') == "sim has no caches here: "*" what a table says." ]]
	[[ $(model '{"machine":"sim","costs":"none","threads":[],"plan":[],"cpus":2}') == *"more than one thread"* ]]
	[[ $(model '{"machine":"sim","fingerprint":{"costs":{"coherence":1}},"threads":[],"plan":[],"cpus":2}') == "sim has caches here"* ]]
	[ -z "$(model '{"machine":"tcg","costs":"none","threads":[1,2]}')" ]
	run "$VB_BUILD/tools/vb-claim" --model none.json
	[ "$status" -eq 2 ]
}

@test "a missing value is never true: CANNOT TELL, exit 3" {
	believed
	sim_campaign gone
	grep -v "^rewrite.*ram.*	8	8	ns_per_op" gone/summary.tsv >summary.new
	mv summary.new gone/summary.tsv
	seal gone
	claim 3 --from gone microbenchmark
	[ "$(head -n 1 shown)" = "CANNOT TELL: microbenchmark (given size)" ]
	reads 'CANNOT TELL: after is flat: .* no ns_per_op of rewrite, ram, 4 pages, 8 threads'
	reads " 8 70631 2900 24.36 $(ns gone vmlist 8) - - "
	json gone '[.relations[].holds] == [true, true, null, true]'
	# One that does not hold is certain all the same.
	mine "s/\">=\"; 3)/\">=\"; $(ratio gone vmlist 8 vmlist 1 2))/"
	claim 1 --from gone ./mine.claim
	# Another campaign than the claim asks for: other workloads.
	sim_campaign other
	edit_campaign other '.workloads = ["vmap"]'
	made_again other
	claim 3 --from other microbenchmark
	reads 'there is no workload ram; there are: vmap'
	json other 'all(.relations[]; .holds == null)'
	# No number comes out of nothing: 0 / 0.
	sim_campaign zero
	sed -i 's/\(\tns_per_op\tns\t1\t\)[0-9.]*/\10/' zero/summary.tsv
	seal zero
	claim 3 --from zero microbenchmark
	reads 'the divisor is zero'
}

@test "records in doubt: CANNOT TELL, exit 3, and it is said why" {
	sim_campaign changed
	printf '\n' >>changed/vmlist/run-1/plan
	claim 3 --from changed microbenchmark
	reads 'Warnings: - main: vmlist/run-1/plan: was changed after it was sealed'
	json changed '.verdict == "CANNOT TELL" and all(.relations[]; .holds)'
	sim_campaign cut
	sed -i 1d cut/seal
	claim 3 --from cut microbenchmark
	reads 'Warnings: - main: seal is truncated or was changed'
	sim_campaign lost
	grep -v '"run":1,' lost/rewrite/run-1/clock.jsonl >clock.new
	run ! cmp -s clock.new lost/rewrite/run-1/clock.jsonl
	mv clock.new lost/rewrite/run-1/clock.jsonl
	made_again lost
	claim 3 --from lost microbenchmark
	reads 'main: report.txt has PROBLEMS'
	sim_campaign open
	rm open/seal
	claim 2 --from open microbenchmark
	says "open has no seal: the campaign is unfinished"
}

# tried DIR - a trial of rewrite, finished, and a claim that it has no faults: trial.claim.
tried()
{
	local run=$1/rewrite/run-1

	mkdir -p "$run"
	jq -n '{ v: 1, id: "t", command: "trial", variants: ["rewrite"], machine: "sim", cpus: 2, mem: 1024,
		append: "", debug: false, plan: ["users"], workloads: [], pages: [], threads: [], boots: 1 }' >"$1/campaign.json"
	printf '%s\n' '{"v":1,"type":"start","kernel":"6.1","cpus":2,"variant":"rewrite"}' '{"v":1,"type":"end"}' >"$run/events.jsonl"
	printf '[    0.1] Linux version 6.1\r\n' >"$run/console.log"
	outcomes_of "$1"
	seal "$1"
	cat >trial.claim <<-'END'
		{ title: "t", said: { mail: "m", list: "l", date: "d" }, says: "s",
		  campaigns: { main: { command: "trial", options: ["--variants", "rewrite"], full: ["--do", "users"], small: ["--do", "users"] } },
		  table: { heads: ["a", "b"], rows: [["x", cell(outcome("rewrite"))]] },
		  relations: [relation("no faults"; faults("rewrite"); "=="; 0)] }
	END
}

# outcomes_of DIR - trial.json and trials.json from its records, as trial.sh makes them.
outcomes_of()
{
	(
		. "$TOP/scripts/campaign/trial-data.sh"
		trial_outcome rewrite "$1/rewrite/run-1" x >"$1/rewrite/run-1/trial.json"
		jq -s '{ v: 1, trials: map(del(.v, .inputs)) }' "$1/rewrite/run-1/trial.json" >"$1/trials.json"
	)
}

@test "an outcome that is not what the records give: exit 2, whoever has sealed it" {
	tried good
	claim 0 ./trial.claim --from main=good --out out
	shows '^HOLDS'
	# The console tells of a fault, and the outcome does not.
	cp -r good bad
	printf '[    1.5] BUG: unable to handle page fault\r\n' >>bad/rewrite/run-1/console.log
	seal bad
	claim 2 ./trial.claim --from main=bad --out out
	says "claim: error: $PWD/bad/rewrite/run-1/trial.json: it differs from its records"
	[ "$(wc -l <err)" -eq 1 ]
	cp -r bad well
	outcomes_of well
	seal well
	claim 1 ./trial.claim --from main=well --out out
	for edit in '.trials[0].faults = 0' '.trials[0].outcome = "ok"' '.trials[0].reason = "nothing"' \
		'.trials += [.trials[0] | .variant = "vmlist"]' '.trials = []' '.'; do
		rm -rf bad
		cp -r well bad
		jq "$edit" well/trials.json >bad/trials.json
		[ "$edit" != . ] || rm bad/rewrite/run-1/console.log
		seal bad
		claim 2 ./trial.claim --from main=bad --out out
		[ "$(wc -l <err)" -eq 1 ]
		if [ "$edit" = . ]; then
			says "bad/rewrite/run-1/console.log: no such file"
		else
			says "bad/trials.json: it differs from its records"
		fi
	done
	# Changed after it was sealed, and nothing else.
	rm -rf bad
	cp -r well bad
	jq '.trials[0].faults = 0' well/trials.json >bad/trials.json
	claim 3 ./trial.claim --from main=bad --out out
	reads 'Warnings: - main: trials.json: was changed after it was sealed'
	# As many complaints as no argument of a program holds.
	for ((i = 0; i < 20000; i++)); do
		printf '[    1.5] BUG: number %d\r\n' "$i"
	done >>well/rewrite/run-1/console.log
	outcomes_of well
	seal well
	claim 1 ./trial.claim --from main=well --out out
}

@test "a table that is not what the records give: exit 2, whoever has sealed it" {
	sim_campaign edited
	sed -i 's/^\(vmlist.*ram\t4\t8\t1\tns_per_op\tns\t1\t\)[0-9.]*/\199999/' edited/summary.tsv
	# Changed after it was sealed: in doubt, and nothing is read from it.
	claim 3 --from edited --out out microbenchmark
	reads 'Warnings: - main: summary.tsv: was changed after it was sealed - main: summary.tsv: it differs from its records'
	run ! grep 99999 shown
	seal edited
	claim 2 --from edited microbenchmark
	says "claim: error: $PWD/edited/summary.tsv: it differs from its records"
	[ ! -e edited/claim.json ]
	made_again edited
	claim 0 --from edited microbenchmark
	# Records that contradict themselves give no table.
	edit_campaign edited '.ops = 1'
	claim 2 --from edited microbenchmark
	says 'events.jsonl:2: "ops" of the point are not those of the campaign'
	# Areas of a profile.
	cp -r "$TOP/tests/data/golden/pair" pair
	"$TOP/scripts/report.sh" pair 2>/dev/null || true
	sed -i '2s/[0-9]*$/1/' pair/areas.tsv
	seal pair
	cat >profile.claim <<-'END'
	{ title: "t", said: { mail: "m", list: "l", date: "d" }, says: "s",
	  campaigns: { main: { command: "profile", options: ["--workload", "xfs-dir"], full: ["--threads", "2"], small: ["--threads", "2"] } },
	  table: { heads: ["a"], rows: [[cell(share("vmlist"; "xfs-dir"; 4; 2; ["idle"]))]] },
	  relations: [relation("a"; share("vmlist"; "xfs-dir"; 4; 2; ["locks"]); "<"; 100)] }
	END
	claim 2 --from pair ./profile.claim
	says "claim: error: $PWD/pair/areas.tsv: it differs from its records"
	# Whatever the directory is called.
	mv pair 'p[a]*?r'
	claim 2 --from ./'p[a]*?r' ./profile.claim
	says "/areas.tsv: it differs from its records"
	"$TOP/scripts/report.sh" 'p[a]*?r' 2>/dev/null || true
	head -n 2 'p[a]*?r/areas.tsv' | tail -n 1 >row
	mv 'p[a]*?r' pair
	run ! grep -qP '\t1$' row
	sed -i '2s/[0-9]*$/1/' pair/areas.tsv
	# Without profiles its cells are numbers at least.
	rm pair/*/run-1/profile.jsonl
	for cell in 1e999 nan -1 99999999999999999; do
		sed -i "2s/[^\t]*$/$cell/" pair/areas.tsv
		seal pair
		claim 2 --from pair ./profile.claim
		says "claim: error: $PWD/pair/areas.tsv:2: \"$cell\" is not a whole number"
	done
}

@test "published files that are not checked are not read" {
	cp -r "$TOP/published" .
	(
		. "$TOP/scripts/campaign/claim-data.sh"
		VB_TOP=$PWD
		published_json >before.json
		printf 'bad\n' | tee published/.x.tsv published/profiles/.x.tsv >/dev/null
		mkdir published/more
		cp published/.x.tsv published/more/x.tsv
		published_json >after.json
	)
	jq -e 'length >= 2 and any(keys[]; startswith("profiles/"))' before.json
	cmp before.json after.json
}

@test "a mistake in the file: the file, the line, the reason, exit 2" {
	mine '/^\t\tmain: {/s/{//'
	refuses ':47: syntax error: unexpected }'
	mine '$d'
	refuses ':'
	says 'syntax error'
	mine 's/spread(by/spreads(by/'
	refuses ':40: spreads is not defined'
	mine 's/theirs("vmap-rewrite-2008"; "vmlist"; $t)),$/theirs("vmap-rewrite-2008"; "vmlits"; $t)),/'
	refuses ':22: there is no column in published/vmap-rewrite-2008.tsv vmlits; there are: threads vmlist rewrite'
	mine 's/spread(by_threads("rewrite"/spread(by_threads("rewrit"/'
	refuses ':40: there is no variant rewrit; there are: vmlist rewrite'
	mine 's/\(least_step.*\)"ns_per_op"/\1"ns_per_opp"/'
	refuses ':38: there is no metric ns_per_opp; there are: ns_per_op spin_ns_per_op'
	mine 's/\(least_step(by_threads("vmlist"; \)"ram"/\1"rma"/'
	refuses ':38: there is no workload rma; there are: ram'
	mine 's/"vmlist"; "ram"; 4; 1; "ns_per_op"/"vmlist"; "ram"; 4; 3; "ns_per_op"/'
	refuses ':42: there is no number of threads 3; there are: 1 2 4 8'
	mine 's/ratio(value("vmlist"; "ram"; 4; 1; "ns_per_op")/ratio(within("second"; 1)/'
	refuses ':42: there is no campaign second; there are: main'
	mine 's/">="; 3)/">="; faults("vmlist"))/'
	refuses ':'
	says 'only a campaign of trial has outcomes'
	mine 's/">="; 3)/"=>"; 3)/'
	refuses ':36: there is no relation =>; there are: > >= < <= =='
	mine 's/">="; 3)/">="; "3")/'
	refuses ':34: "3" is no number'
	mine 's/title:/titel:/'
	refuses ':3: there is no member titel'
	says 'title is missing or is not a string'
	mine 's/command: "bench"/command: "rm"/'
	refuses ':9: campaign main: command is neither bench nor profile nor trial'
	mine 's/"--pages", "4"\]/"--id", "x"]/'
	refuses ':10: campaign main: --id is not for claims'
	mine '/^\trelations: \[/,/^\t\],/{/^\trelations/!{/^\t\]/!d}}'
	refuses ':33: no relation: nothing could fail to hold'
	mine 's/"vmlist rewrite"/"vmlist linux"/'
	claim 2 ./mine.claim
	says '--variants: no variant linux; there are: '
	says 'claim: error: ./mine.claim: campaign main cannot be run'
	printf '1\n' >mine.claim
	refuses ': it is no object'
	printf '{}, {}\n' >mine.claim
	refuses ': it is not one object'
	: >mine.claim
	refuses ':'
	[ ! -e claim-mine ]
}

# only_if CONDITION - mine.claim has one relation, and only where that is so.
only_if()
{
	mine '/^\trelations: \[/,/^\t\],/{/^\trelations/!{/^\t\]/!d}}'
	sed -i "s/^\trelations: \[/&select($1) | relation(\"a\"; 1; \"==\"; 1)/" mine.claim
}

@test "no relation comes out: CANNOT TELL, or a mistake in the file" {
	sim_campaign good
	only_if 'value("vmlist"; "ram"; 4; 1; "ns_per_op") < 2'
	claim 3 --from good --out out ./mine.claim
	reads 'Warnings: - no relation: nothing could fail to hold'
	only_if 'most("threads") == 1'
	refuses ':33: no relation: nothing could fail to hold'
	only_if 'most("threads") == 8'
	refuses ':33: no relation: nothing could fail to hold'
}

@test "a claim with a mistake is not on the page with the verdict it had" {
	mkdir mine claim-mine
	sed 's/spread(by/spreads(by/' "$TOP/claims/microbenchmark.claim" >mine/mine.claim
	printf '{"v":1,"claim":"mine","verdict":"HOLDS"}\n' >claim-mine/claim.json
	export VB_CLAIMS=$PWD/mine
	claim 2 --all
	[ "$(cat shown)" = "not there      mine" ]
	run ! grep -q HOLDS claims/claims.html
}

@test "what expressions say, of figures that are made up" {
	cp -r "$TOP/tests/data/golden/sim" golden
	cp golden/expected/*.tsv golden/
	seal golden
	n=0
	while IFS=@ read -r expression expected; do
		n=$((n + 1))
		echo "# $expression"
		sed "/^	relations: \[/,/^	\],/{/^	relations/!{/^	\]/!d}}" "$TOP/claims/microbenchmark.claim" |
			sed "s/^	relations: \[/&relation(\"x\"; $expression; \"==\"; -1)/" >mine.claim
		claim 1 --from golden --out out ./mine.claim
		json out ".relations[0] | (.left - $expected | fabs) < 1e-9"
	done <<-'END'
	value("vmlist"; "ram"; 4; 8; "ns_per_op")@8000
	by_threads("vmlist"; "ram"; 4; "ns_per_op") | length@3
	growth(by_threads("vmlist"; "ram"; 4; "ns_per_op"))@8
	least_step(by_threads("vmlist"; "ram"; 4; "ns_per_op"))@2
	spread(by_threads("vmlist"; "ram"; 4; "ns_per_op"))@8
	growth([2, 1, 4])@2
	spread([2, 1, 4])@4
	least_step([2, 1, 4])@0.5
	ratio(value("vmlist"; "ram"; 4; 1; "ns_per_op"); 500)@2
	value("vmlist"; "ram"; 4; 2; "ns_per_op") - value("vmlist"; "ram"; 4; 1; "ns_per_op")@1000
	by_pages("vmlist"; "ram"; 1; "ns_per_op") | first@1000
	most("threads")@8
	numbers("pages") | first@4
	within("main"; value("vmlist"; "ram"; 4; 1; "flushes_per_kop"))@1000
	theirs("vmap-rewrite-2008"; "vmlist"; 8)@70631
	their_share("vmap-rewrite-2008"; "rewrite"; ["locks"])@42.823253322449815
	END
	[ "$n" -eq 16 ]
	# Areas come from a profile: of 1000000 ns before, of 51700 instructions after.
	cp -r "$TOP/tests/data/golden/pair" pair
	cp pair/expected/areas.tsv pair/
	cat >profile.claim <<-'END'
	{ title: "t", said: { mail: "m", list: "l", date: "d" }, says: "s",
	  campaigns: { main: { command: "profile", options: ["--workload", "xfs-dir"], full: ["--threads", "2"], small: ["--threads", "2"] } },
	  table: { heads: ["a"], rows: [[cell(share("vmlist"; "xfs-dir"; 4; 2; ["idle"]))]] },
	  relations: [
		relation("a"; share("vmlist"; "xfs-dir"; 4; 2; ["locks", "TLB flush"]); "=="; 70),
		relation("b"; instructions("rewrite"; "xfs-dir"; 4; 2; ["vmap"]) * 517; "=="; 1500),
		relation("c"; share("vmlist"; "xfs-dir"; 4; 2; ["lock"]); "=="; 70)
	  ] }
	END
	"$TOP/scripts/report.sh" pair 2>/dev/null || true
	seal pair
	claim 3 --from pair --out out ./profile.claim
	json out '[.relations[].holds] == [true, true, null] and .table.rows == [[15]]'
	reads 'there is no area lock; there are: TLB flush locks vmap'
}

@test "what a user may type wrong, and --list, --help and --dry-run, which run nothing" {
	claim 2
	says "a claim is needed, or --all; there are: $(claim_names | paste -sd' ')"
	claim 2 nonsense
	says "there is no claim nonsense ("
	claim 2 microbenchmark xfs-directory
	claim 2 --frob
	claim 2 --from
	claim 2 --all microbenchmark
	claim 2 --all --json
	claim 2 --from nowhere microbenchmark
	says "--from: nowhere is not a campaign"
	sim_campaign good
	claim 2 --from second=good microbenchmark
	says "--from: the claim has no campaign second; it has: main"
	claim 2 --from good unmap-aliases
	says "--from: before=DIR is needed, too: the claim has the campaigns main before possible128"
	claim 0 --help
	grep -q '^usage: vmapbench claim' shown
	claim 0 --list
	[ "$(wc -l <shown)" -eq "$(find "$TOP/claims" -name '*.claim' | wc -l)" ]
	claim 0 --dry-run --all
	reads "vmapbench 'bench' .*'--id' 'claim-unmap-aliases-possible128'"
	claim 0 --dry-run --small xfs-directory
	reads "vmapbench 'profile' .*'--id' 'claim-xfs-directory-small'"
	run ! compgen -G 'claim-*'
	for args in "" "--format pdf x" "nowhere.json" "--frob"; do
		# shellcheck disable=SC2086
		run "$VB_BUILD/tools/vb-claim" $args
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	printf '{"v":2}\n' >x.json
	run "$VB_BUILD/tools/vb-claim" x.json
	[ "$output" = "vb-claim: error: x.json: not a claim of version 1" ]
}

@test "a row of the table that is shorter than the heads is refused, and not read" {
	jq '.table.rows[0] |= .[:1]' "$TOP/results/reference/claims/microbenchmark.json" >x.json
	for format in text html; do
		run "$VB_BUILD/tools/vb-claim" --format "$format" x.json
		[ "$status" -eq 2 ]
		[ "$output" = "vb-claim: error: x.json: row 1 of the table has not as many cells as heads" ]
	done
}

@test "the page of several claims: valid, nothing loaded, fits a telephone" {
	sim_campaign good
	claim 0 --from good --out one microbenchmark
	mine 's/">="; 3)/">="; 60)/; s/title: "/&<b>\&/; s/notes: \["/&<script>/'
	claim 1 --from good --out two ./mine.claim
	edit_campaign good '.threads = [1]'
	made_again good
	cp "$TOP/claims/microbenchmark.claim" third.claim
	claim 3 --from good --out three ./third.claim
	json three '[.relations[].holds] == [null, null, null, true]'
	"$VB_BUILD/tools/vb-claim" --format html --absent lost {one,two,three}/claim.json >claims.html
	show_page claims.html
	[ "$(page_fact heading)" = "4 claims, published and measured" ]
	grep -qF '&lt;b&gt;&amp;The microbenchmark' claims.html
	grep -qF 'not there: lost' claims.html
	for found in 'pass">HOLDS' 'regression">DOES NOT HOLD' 'inconclusive">CANNOT TELL'; do
		grep -qF "$found" claims.html
	done
	"$VB_BUILD/tools/vb-claim" --absent lost {one,two,three}/claim.json >shown
	[ "$(head -n 4 shown)" = "$(printf '%-14s %s\n' HOLDS microbenchmark 'DOES NOT HOLD' mine \
		'CANNOT TELL' third 'not there' lost)" ]
	run ! grep -E '.{80}' shown
}

@test "the reference: a page of all claims as they are, and the verdicts that docs name" {
	dir=$TOP/results/reference/claims
	mapfile -t files < <(claim_names | sed "s,.*,$dir/&.json,")
	[ "${#files[@]}" -eq "$(find "$dir" -name '*.json' | wc -l)" ]
	"$VB_BUILD/tools/vb-claim" "${files[@]}" >shown
	cmp shown "$dir/claims.txt"
	jq -r 'select(.size == "full") | "\(.claim) \(.title)"' "${files[@]}" >titles
	claim 0 --list
	diff titles <(tr -s ' ' <shown)
	jq -r '"| `\(.claim)` | \(.verdict) |"' "${files[@]}" >verdicts
	diff verdicts <(grep -oE '^\| `[a-z-]+` \| (HOLDS|DOES NOT HOLD|CANNOT TELL) \|' "$TOP/docs/claims.md")
}

@test "a campaign from a stranger: links, pipes and control characters are refused" {
	sim_campaign good
	while IFS='|' read -r path command text; do
		rm -rf in out
		mkdir in out
		printf 'mine\n' >out/file
		cp -r good in/good
		file=in/good/$path
		eval "$command"
		for words in "claim --from in/good microbenchmark" "compare --out result in/good good" "compare --out result good in/good" \
			"compare --out result --noise in/good good good"; do
			# shellcheck disable=SC2086
			exits 2 timeout 60 "$TOP/scripts/vmapbench" $words
			says "in/good/$path$text"
			[ "$(cat out/file)" = mine ]
			run ! grep -q $'\x1b' shown err
		done
	done <<-'END'
	claim.json.new|ln -s "$PWD/out/file" "$file"| is neither a regular file nor a directory
	claim.txt|ln -s "$PWD/out/file" "$file"| is neither a regular file nor a directory
	report.txt|mkfifo "$file"| is neither a regular file nor a directory
	areas.tsv|mkfifo "$file"| is neither a regular file nor a directory
	campaign.json|jq '.id = "a\u001b[2J"' good/campaign.json >"$file"| is damaged, or has control characters
	campaign.json|jq '.id = "a\u202eb"' good/campaign.json >"$file"| is damaged, or has control characters
	campaign.json|jq '.id = "a\u2066b"' good/campaign.json >"$file"| is damaged, or has control characters
	campaign.json|jq '.fingerprint["\u009b"] = 1' good/campaign.json >"$file"| is damaged, or has control characters
	trials.json|printf '{"trials":[{"variant":"x","reason":"a\\u001b[2J"}]}' >"$file"| is damaged, or has control characters
	END
}

@test "what a claim writes is a file of its own" {
	sim_campaign good
	printf 'mine\n' >file
	mkdir out
	ln -s "$PWD/file" out/claim.json
	ln -s "$PWD/file" out/claim.txt.new
	claim 0 --from good --out out microbenchmark
	[ "$(cat file)" = mine ]
	[ ! -L out/claim.json ]
	json out '.verdict == "HOLDS"'
	rm out/claim.txt
	mkdir out/claim.txt
	claim 2 --from good --out out microbenchmark
	says "cannot write out/claim.txt: no space left, or a directory of that name?"
}

# hostile TEXT WORDS... - mine.claim with WORDS in the place of its title is refused.
hostile()
{
	title=$2 awk '/^\ttitle:/ { print ENVIRON["title"]; next } { print }' "$TOP/claims/microbenchmark.claim" >mine.claim
	refuses "$1"
}

@test "a claim from a stranger can define nothing, read nothing and type in no verdict" {
	export SECRET=from-the-environment
	hostile ':3: def is not defined' 'title: (def f: f; f),'
	hostile ':3: $ENV is not defined' 'title: "t \($ENV.SECRET)",'
	hostile ':3: env is not defined' 'title: env,'
	hostile ':3: input_filename is not defined' 'title: input_filename,'
	hostile ':3: $data is not defined' 'title: ($data | first),'
	hostile ':3: limit is not defined' 'title: limit(3; 1),'
	hostile ':3: . cannot be used in a claim' 'title: .mode,'
	hostile ':3: . cannot be used in a claim' 'title: ..,'
	hostile ':3: @ cannot be used in a claim' 'title: @sh,'
	hostile ':3: ? cannot be used in a claim' 'title: first?,'
	hostile ':3: | cannot be used in a claim' 'title: (1 |= 2),'
	hostile ':3: holds is not a member of a claim' 'title: { holds: true },'
	hostile ':3: the name of a member is not a plain word' 'title: { "holds": true },'
	hostile ':3: the name of a member is not a plain word' 'title: { ("holds"): true },'
	hostile ':3: $holds is not defined' 'title: (true as $holds | { $holds }),'
	hostile ':3: syntax error: a control character in a string' $'title: "a\tb",'
	# A terminal's cursor is not for claims, nor is a line of another one's verdict.
	for escape in 'u001b[2J' u0000 u007f u009b2J b f r t u202e u2066 u2028; do
		hostile ':3: syntax error: a control character in a string' "title: \"a\\$escape\","
	done
	hostile ':3: syntax error: a control character in a string' $'title: "a\x7fb",'
	hostile ':3: syntax error: a control character in a string' $'title: "a\xc2\x9bb",'
	hostile ':3: syntax error: a control character in a string' $'title: "a\u202eb",'
	hostile ':3: syntax error: a control character in a string' $'title: "a\u2069b",'
	hostile ':3: syntax error: an odd escape in a string' 'title: "a\qb",'
	hostile ':3: syntax error: \u without four digits in a string' 'title: "a\u1",'
	hostile ':3: ? cannot be used in a claim' $'title: \x1b,'
	hostile ':3: a control character in a text of title' 'title: "a\nHOLDS: b",'
	# Versions of jq differ in where a comment ends.
	hostile ':3: syntax error: a comment ends with a backslash' $'title: "a", # \\\n'
	hostile ':3: syntax error: a comment ends with a backslash' $'title: "a", # \\\r\n'
	hostile ':3: syntax error: a carriage return in a comment' $'title: "a", # b\rc'
	hostile ': its result is larger than 4 MiB' 'title: ("x" * 6000000),'
	# Out of the brackets that are put around it.
	printf '{}) | {verdict: "HOLDS"} | (1\n' >mine.claim
	refuses ':1: syntax error: unexpected )'
	printf '1 # the end hides nothing' >mine.claim
	refuses ': it is no object'
	head -c 70000 /dev/zero | tr '\0' ' ' >mine.claim
	refuses ': a claim has at most 65536 bytes'
	printf '%0100d' 0 | tr 0 '(' >mine.claim
	refuses ':1: more than 64 brackets inside each other'
	mine 's/"--pages", "4"\]/"--pages", "4\\n--id\\nx"]/'
	refuses ':10: campaign main: --pages: "4\n--id\nx" is no value that a claim may pass'
}

@test "a claim passes what its campaigns are to measure, and nothing else" {
	while IFS='@' read -r command words text; do
		mine "s|command: \"bench\"|command: \"$command\"|; s|options: .*|options: [$words],|"
		refuses ":"
		says "campaign main: $text"
	done <<-'END'
	trial@"--append", "$(touch PWNED)"@--append: "$(touch PWNED)" is no value
	trial@"--append", "a\\"b"@--append: "a\"b" is no value
	trial@"--append", "`touch PWNED`"@--append: "`touch PWNED`" is no value
	trial@"--append", "a;b"@--append: "a;b" is no value
	trial@"--kernel", "/tmp"@--kernel is not for claims
	trial@"--costs", "none"@--costs is not for claims
	bench@"--append", "quiet"@--append is not for claims
	bench@"--out", "/tmp/x"@--out is not for claims
	bench@"--costs", "/dev/zero"@--costs: "/dev/zero" is no value
	bench@"--machine", "../sim"@--machine: "../sim" is no value
	bench@"--variants", "*"@--variants: "*" is no value
	bench@"--pages", "4", "--json"@--json is not for claims
	bench@"--help"@--help is not for claims
	bench@"--mem", "64"@--mem is not for claims
	profile@"--stacks", "$(id)"@--stacks: "$(id)" is no value
	bench@"vmlist"@vmlist is not for claims
	bench@"--pages", "4", "--cpus"@--cpus: "--threads" is no value
	END
	[ ! -e PWNED ]
	# A value that is missing at the end.
	mine 's/"--ops", "1000"\]/"--ops"]/'
	refuses ':11: campaign main: --ops needs a value'
	# All claims that are ours pass.
	claim 0 --list
}

@test "a claim that takes for ever is ended" {
	mine 's/^\trelations: \[/&([1,1,1,1,1,1,1,1,1,1] as $v | relation("a"; 1; "=="; 1)),/'
	ten='[1,1,1,1,1,1,1,1,1,1][]'
	awk -v l="select($ten + $ten + $ten + $ten + $ten + $ten + $ten + $ten < 0) | " \
		'{ sub(/relations: \[/, "&(" l "1),"); print }' "$TOP/claims/microbenchmark.claim" >mine.claim
	VB_JQ_SECONDS=2 refuses ": evaluating it took more than 2 s"
}
