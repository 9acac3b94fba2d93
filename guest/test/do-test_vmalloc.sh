# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# do-test_vmalloc.sh - test_vmalloc ARGS...: the kernel's own test module.
# It tests while it is being loaded, reports in the kernel log, and then
# refuses to stay (EAGAIN), which is its way of having run.

# test_record ARGS - the kernel log as one record.
test_record()
{
	awk -v args="$1" '
		/Summary: .* passed: / {
			sub(/.*Summary: /, "")
			ok = ($3 > 0 && $5 == 0)
			pass += ok
			fail += !ok
			rows[++n] = sprintf("\"name\":\"%s\",\"passed\":%d,\"failed\":%d,\"repeat\":%d,\"loops\":%d,\"avg_us\":%d",
				$1, $3, $5, $7, $9, $11)
		}
		/All test took worker/ {
			sub(/.*All test took worker/, "")
			sub(/=.*/, "")
			while (done < n)
				worker[++done] = $0
			workers++
		}
		END {
			printf "{\"v\":1,\"type\":\"test_vmalloc\",\"args\":\"%s\",\"workers\":%d,\"pass\":%d,\"fail\":%d,\"cases\":[", args, workers, pass, fail
			for (i = 1; i <= n; i++)
				printf "%s{\"worker\":%d,%s}", (i > 1 ? "," : ""), worker[i], rows[i]
			print "]}"
		}'
}

dmesg -c >>/tmp/dmesg
rc=0
loadmod /vmapbench/test_vmalloc.ko "$@" 2>/tmp/loadmod.err || rc=$?
# 11 is EAGAIN.
if [ "$rc" -eq 11 ]; then
	dmesg | test_record "$(json_text "$*")" >&3
else
	emit_error "test_vmalloc.ko: $(cat /tmp/loadmod.err)" "-$rc"
fi
