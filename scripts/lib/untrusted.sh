# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# untrusted.sh - a campaign's directory may come from anybody: what is checked before it is
# read. Sourced after lib.sh.

# check_files DIR - ends the script if there is anything but plain files and directories in it:
# a link leads out of it, a pipe is waited for. What plot.sh left is not read.
check_files()
{
	local bad

	bad=$(CDPATH='' cd -- "$1" && find . -ignore_readdir_race -path './plots/.tmp.*' -type d -prune -o \
		! -type f ! -type d -print -quit) || die "$1 cannot be read"
	bad=${bad#./}
	[[ -z $bad ]] ||
		die "$1/${bad//[![:print:]]/?} is neither a regular file nor a directory: remove it or replace it with a copy of its target"
}

# bad_fields DIR - a line for each name in campaign.json that is none, and each number
# that is not whole.
bad_fields()
{
	jq -r '
		def name: type == "string" and test("\\A[A-Za-z0-9_+][A-Za-z0-9._+-]*\\z");
		def count: type == "number" and . == floor and . >= 1 and . <= 1e9;
		def each(key; good): .[key] |
			if type == "array" and length > 0 then .[] | select(good | not) else . end |
			"\"\(key)\" has \(tojson)";
		each("variants"; name), each("workloads"; name), each("pages"; count),
		each("threads"; count),
		(.machine | select(name | not) | "\"machine\" is \(tojson)"),
		(.boots | select(count | not) | "\"boots\" is \(tojson)") |
		gsub("[^ -~]"; "?")' "$1/campaign.json" 2>/dev/null ||
		printf 'it is damaged\n'
}

# check_names DIR - ends the script unless names are fit for paths and figures.
check_names()
{
	local bad

	[[ -f $1/campaign.json ]] || die "$1/campaign.json: no such file"
	bad=$(bad_fields "$1")
	[[ -z $bad ]] ||
		die "$1/campaign.json: ${bad%%$'\n'*}: names are of A-Z a-z 0-9 . _ + - and begin with none of . -, numbers are whole"
}

# check_text DIR - ends the script if a text there could move a terminal's cursor, or turn text
# round: reports and claims print ids, plans and reasons.
check_text()
{
	local file

	for file in "$1"/{campaign,trials}.json; do
		[[ -f $file ]] || continue
		jq -se 'all(.. | strings, (objects | keys_unsorted[]); test("[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]") | not)' \
			"$file" >/dev/null 2>&1 ||
			die "$file is damaged, or has control characters in a text"
	done
}

# check_campaign DIR - ends the script unless it can be read as it is.
check_campaign()
{
	check_files "$1"
	check_text "$1"
}
