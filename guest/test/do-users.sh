# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# do-users.sh - users: what else lives on the layer, looked at from user
# space: /proc/vmallocinfo lists areas in order of address, none overlapping
# the one before.

cat /proc/vmallocinfo >/tmp/vmallocinfo
emit "$(tr -d '\000' </tmp/vmallocinfo | awk '
	{
		split($1, a, "-")
		# 16 hex digits of equal length compare as text.
		if (last != "" && a[1] < last)
			bad++
		last = a[2]
		n++
		kinds[$NF]++
	}
	END {
		printf "{\"v\":1,\"type\":\"users\",\"areas\":%d,\"out_of_order\":%d,\"vmalloc\":%d,\"ioremap\":%d}",
			n, bad, kinds["vmalloc"], kinds["ioremap"]
	}')"
