# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# guest-files.sh - files that a guest has sent among its records. Sourced after lib.sh.

# file_records RUNDIR NAME - the records of that file.
file_records()
{
	grep -F "{\"v\":1,\"type\":\"file\",\"name\":\"$2\"," "$1/events.jsonl"
}

# take_file RUNDIR NAME - RUNDIR/NAME.gz from the records; fails, and says so, when it
# is not whole.
take_file()
{
	local dir=$1 name=$2 bytes

	bytes=$(file_records "$dir" "$name" | jq -r '.bytes // empty')
	[[ -n $bytes ]] || { info "the guest sent no $name"; return 1; }
	# A guest's text: what is no number is not compared as one, which would run it.
	if [[ $bytes =~ ^[0-9]{1,12}$ ]] &&
		file_records "$dir" "$name" | jq -r '.data // empty' | base64 -d >"$dir/$name.gz" &&
		[[ $(gzip -dc -- "$dir/$name.gz" | wc -c) == "$bytes" ]]; then
		return 0
	fi
	rm -f -- "$dir/$name.gz"
	info "$name did not arrive whole: $dir/events.jsonl"
	return 1
}

# drop_files RUNDIR - the records of files, now that they are files. Ends the script if it
# cannot: what is there are the only records, and a part of them must not replace them.
drop_files()
{
	local rc=0

	grep -v '^{"v":1,"type":"file",' "$1/events.jsonl" >"$1/events.jsonl.new" || rc=$?
	# 1 is that no other line was there.
	if ((rc > 1)) || ! mv -T -- "$1/events.jsonl.new" "$1/events.jsonl"; then
		rm -f -- "$1/events.jsonl.new"
		die "cannot write to $1: no space left?"
	fi
}
