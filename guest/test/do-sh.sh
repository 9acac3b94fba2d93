# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# do-sh.sh - sh COMMAND...: a command line of the shell; the record has the
# lines that it printed on either output, and how it ended.

rc=0
(eval "$*") >/tmp/sh.out 2>&1 3>&- </dev/null || rc=$?
emit "{\"v\":1,\"type\":\"sh\",\"rc\":$rc,\"out\":[$(tr -d '\000-\010\013-\037' </tmp/sh.out |
	awk '{ gsub(/\t/, " "); gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); printf "%s\"%s\"", s, $0; s = "," }')]}"
