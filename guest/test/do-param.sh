# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# do-param.sh - param NAME VALUE: offer the module a parameter and run with
# it; the record says whether it was taken and what the kernel log said.

if need_bench; then
	dmesg -c >>/tmp/dmesg
	taken=true
	echo "$2" 2>/dev/null >"$BENCH/$1" && echo 1 2>/dev/null >"$BENCH/run" || taken=false
	emit "{\"v\":1,\"type\":\"param\",\"name\":\"$1\",\"value\":\"$2\",\"taken\":$taken,\"said\":\"$(json_text "$(dmesg | grep vmap_bench:)")\"}"
fi
