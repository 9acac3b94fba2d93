# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2016,SC2153
#
# claim-data.sh - a claim's file and campaigns through jq: what tools/claim/claim.jq reads
# and what it makes of it. Sourced by claim.sh, which sets FILE, NAME, SIZE and TMP.

# claim_error TEXT - one or more lines about the claim's file; it ends the script.
claim_error()
{
	printf '%s\n' "$1" | sed "s/^/$VB_NAME: error: /" >&2
	exit 2
}

# compile_error ERR - jq's complaint about the file, with its line.
compile_error()
{
	local line text

	# A file that ends too early is found out by what is put behind it.
	line=$(sed -n 's/.* line \([0-9]*\):$/\1/p' "$1" | sed -n 1p)
	text=$(sed -n 's/^jq: error: \(.*\) at <top-level>, line .*/\1/p; s/^jq: error (at [^)]*): //p' "$1" | sed -n 1p)
	text=${text/ (Unix shell quoting issues?)/}
	claim_error "$FILE:${line:+$line:} ${text:-$(head -n 1 "$1")}"
}

# check_words - ends the script unless the claim has the words of claims only.
check_words()
{
	local err

	err=$("$VB_BUILD/tools/vb-claim" --words "$FILE" 2>&1) || claim_error "${err#vb-claim: error: }"
}

# So long may an evaluation take.
JQ_SECONDS=${VB_JQ_SECONDS:-30}

# And so many KiB is the most that comes out of it.
JQ_ROOM=4096

# bounded_jq ARGUMENT... - jq with nothing of the user's environment, 2 GB of memory, and
# JQ_ROOM for what it writes to a file.
bounded_jq()
{
	(
		# It is to fail to write, and not to dump a core.
		trap '' XFSZ
		ulimit -c 0 -v 2000000 -f "$JQ_ROOM"
		exec timeout "$JQ_SECONDS" env -i PATH="$PATH" jq "$@"
	)
}

# evaluate MODE CAMPAIGNS - what tools/claim/claim.jq makes of the claim, in that mode, on
# standard output. CAMPAIGNS is a file.
evaluate()
{
	local rc=0

	jq -n --arg mode "$1" --arg file "$FILE" --arg claim "$NAME" --arg size "$SIZE" \
		--rawfile source "$FILE" --slurpfile campaigns "$2" --slurpfile known "$TMP/known" \
		'{ mode: $mode, file: $file, claim: $claim, size: $size, source: $source,
		   campaigns: $campaigns[0] } + $known[0]' >"$TMP/data"
	{
		# On the same line, so that lines keep their numbers.
		printf 'include "claim"; . as $data | ('
		cat -- "$FILE"
		printf '\n) | finish($data)\n'
	} >"$TMP/program"
	bounded_jq -L "$VB_TOP/tools/claim" -f "$TMP/program" "$TMP/data" >"$TMP/evaluated" 2>"$TMP/err" || rc=$?
	case $rc in
	0) ;;
	124) claim_error "$FILE: evaluating it took more than $JQ_SECONDS s" ;;
	*)
		(($(wc -c <"$TMP/evaluated") < JQ_ROOM * 1024)) ||
			claim_error "$FILE: its result is larger than $((JQ_ROOM / 1024)) MiB"
		compile_error "$TMP/err"
		;;
	esac
	[[ $(bounded_jq -s length "$TMP/evaluated") == 1 ]] || claim_error "$FILE: it is not one object"
	cat "$TMP/evaluated"
}

# check_bad FILE - ends the script if the evaluation found mistakes in the claim.
check_bad()
{
	local bad

	bad=$(jq -r '.bad[]' "$1")
	[[ -z $bad ]] || claim_error "$bad"
}

# check_published - ends the script if a file of published/ is not what it should be.
check_published()
{
	"$VB_BUILD/tools/vb-published" --parts "$VB_TOP/tools/parts.tsv" "$VB_TOP/published" || exit 2
}

# published_json - every file of published/ that check_published has seen, by name.
published_json()
{
	local file name

	for file in "$VB_TOP"/published/{,profiles/}*.tsv; do
		[[ -f $file ]] || continue
		name=${file#"$VB_TOP/published/"}
		jq -Rn --arg name "${name%.tsv}" '
			[inputs | select(startswith("#") | not) | split("\t")] |
			{ ($name): { head: .[0], rows: .[1:] } }' "$file"
	done | jq -s add
}

# write_known - what names a claim may use, in $TMP/known.
write_known()
{
	check_published
	jq -n --arg metrics "$("$VB_BUILD/tools/vb-summarise" --metrics)" \
		--arg areas "$(awk -F'\t' '!/^#/ && !seen[$2]++ { print $2 }' "$VB_TOP/tools/parts.tsv")" \
		--argjson published "$(published_json)" '
		{ metrics: ($metrics | split("\n")), published: $published,
		  areas: (($areas | split("\n")) + ["rest", "user mode", "idle", "total"]) }' >"$TMP/known"
}

# tsv_values FILE COLUMN... - an object by point, and what stands last in front of them:
# variant|workload|pages|threads|LAST. LAST is the first COLUMN, the others its values;
# one value stands for itself.
tsv_values()
{
	local file=$1
	shift

	[[ -s $file ]] || { printf '{}\n'; return; }
	jq -Rn '[inputs | split("\t")] | .[0] as $head |
		[.[1:][] | [., $head] | transpose | map({ key: .[1], value: .[0] }) | from_entries |
		 { key: ([.variant, .workload, .pages, .threads, .[$ARGS.positional[0]]] | join("|")),
		   value: (if ($ARGS.positional | length) == 2 then .[$ARGS.positional[1]] | tonumber
			   else . as $row | [$ARGS.positional[1:][] | { key: ., value: ($row[.] | tonumber) }] | from_entries end) }] |
		from_entries' "$file" --args "$@"
}

# is_trial DIR - a campaign of outcomes, and not of measurements?
is_trial()
{
	jq -e '.command == "trial"' "$1/campaign.json" >/dev/null
}

# seal_doubts DIR - a line for each file that is not as it was sealed.
seal_doubts()
{
	# What is wrong in the records need_tables says.
	"$VB_TOP/scripts/seal.sh" --check "$1" 2>&1 |
		sed -e '/ is not as it was sealed$/d' -e '/^vb-summarise: /d' -e 's/^seal: error: //' || true
}

# report_doubts - a line if something that was asked for is missing.
report_doubts()
{
	! cut -f 1 "$TMP/checked-tables" | grep -x problem >/dev/null ||
		echo "report.txt has PROBLEMS: not all that was asked for is there and well"
}

# cares - a line if there are warnings about its points.
cares()
{
	! cut -f 1 "$TMP/checked-tables" | grep -x warning >/dev/null ||
		echo "report.txt names points that have warnings"
}

# trials_json DIR - by variant.
trials_json()
{
	if [[ -s $1/trials.json ]]; then
		jq '.trials | map({ (.variant): . }) | add' "$1/trials.json"
	else
		printf '{}\n'
	fi
}

# trial_variants DIR - those that were tried, if their names can be those of directories.
trial_variants()
{
	jq -er '.variants | if type == "array" and length > 0 and
		all(type == "string" and test("\\A[A-Za-z0-9_+][A-Za-z0-9._+-]*\\z")) then .[] else error("") end' \
		"$1/campaign.json" 2>/dev/null
}

# same_outcomes FILE JQ - are the trials that the jq program finds there those in TMP/anew?
same_outcomes()
{
	jq -e --slurpfile anew "$TMP/anew" \
		"def found: map({ variant, outcome, faults, reason }); ($2 | found) == (\$anew | found)" \
		"$1" >/dev/null 2>&1 ||
		die "$1: it differs from its records: remove it and run the trial again"
}

# need_outcomes DIR - ends the script unless what became of the guests is what their records
# and consoles say.
need_outcomes()
{
	local dir=$1 variants variant run

	variants=$(trial_variants "$dir") || die "$dir/campaign.json is damaged"
	: >"$TMP/all"
	for variant in $variants; do
		run=$dir/$variant/run-1
		[[ -f $run/console.log ]] || die "$run/console.log: no such file"
		trial_outcome "$variant" "$run" '' >"$TMP/anew" 2>/dev/null || die "$run cannot be read"
		same_outcomes "$run/trial.json" '[.]'
		cat "$TMP/anew" >>"$TMP/all"
	done
	mv -- "$TMP/all" "$TMP/anew"
	same_outcomes "$dir/trials.json" .trials
}

# tables_error DIR - why they could not be made: the last line that says so.
tables_error()
{
	local why

	why=$(sed -n 's/^[a-z-]*: error: //p' "$TMP/err" | tail -n 1)
	[[ -n $why ]] || why=$(tail -n 1 "$TMP/err")
	printf '%s' "${why:-$1: the program that makes tables of its records was ended}"
}

# need_tables DIR - ends the script unless the tables that claims take values from are what the
# records give: a seal is made again by whoever edits a table. What else the records say is in
# TMP/checked-tables.
need_tables()
{
	local dir=$1 differs

	if is_trial "$dir"; then
		need_outcomes "$dir"
		return
	fi
	[[ ! -s $dir/areas.tsv ]] ||
		awk -F '\t' -f "$VB_TOP/plots/check.awk" "$dir/areas.tsv" 2>"$TMP/err" || die "$(cat "$TMP/err")"
	"$VB_BUILD/tools/vmapbench" tables --check --parts "$VB_TOP/tools/parts.tsv" \
		--published "$VB_TOP/published" --expected "$VB_TOP/kernel-patches/expected.tsv" \
		"$dir" >"$TMP/checked-tables" 2>"$TMP/err" || die "$(tables_error "$dir")"
	differs=$(sed -n 's/^differs\t//p' "$TMP/checked-tables")
	[[ -z $differs ]] ||
		die "$dir/${differs%%$'\n'*}: it differs from its records: scripts/report.sh makes it again"
}

# campaign_json NAME DIR - a finished campaign as tools/claim/claim.jq wants it.
campaign_json()
{
	local doubts model tables=$2 why

	: >"$TMP/checked-tables"
	doubts=$(seal_doubts "$2")
	if [[ -z $doubts ]]; then
		need_tables "$2"
	elif ! why=$(need_tables "$2" 2>&1); then
		# Known to be changed: the verdict is that nothing can be told.
		doubts+=$'\n'${why#"$VB_NAME: error: "}
		tables=$TMP/none
	fi
	[[ $tables != "$2" ]] || doubts+=$'\n'$(report_doubts)
	model=$("$VB_BUILD/tools/vb-claim" --model "$2/campaign.json") || exit 2
	tsv_values "$tables/summary.tsv" metric median >"$TMP/rows"
	tsv_values "$tables/areas.tsv" area insns ns >"$TMP/areas"
	trials_json "$tables" >"$TMP/trials"
	jq -n --arg name "$1" --slurpfile asked "$2/campaign.json" --slurpfile trials "$TMP/trials" \
		--slurpfile rows "$TMP/rows" --slurpfile areas "$TMP/areas" \
		--arg doubts "$doubts" --arg notes "$(cares)" --arg model "$model" --arg dir "$2/" '
		# The same wherever the directory is.
		def lines: split("\n") | map(select(. != "") | "\($name): \(split($dir) | join(""))");
		{ ($name): { asked: $asked[0], rows: $rows[0], areas: $areas[0], trials: $trials[0],
			     doubts: ($doubts | lines), notes: ($notes | lines), model: $model,
			     from: ($asked[0] | { id, machine, cpus, possible_cpus, variants, workloads,
				pages, threads, ops, boots, debug, append, plan,
				made_of: (.fingerprint // {} | { loaded_into_qemu, machine_flags,
					kernel_cmdline, sources, costs, fragments, patches }
					| with_entries(select(.value != null))) }
				| with_entries(select(.value != null and .value != {}))) } }'
}
