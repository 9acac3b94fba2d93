# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash disable=SC2154
#
# do-shell.sh - shell TERM ROWS COLUMNS: a shell on the console for somebody
# who sits there; the guest leaves with it.

export TERM="$1"
stty -F /dev/console sane rows "$2" cols "$3"
export VARIANT
cat <<'END'

This guest has the vmap layer in its kernel and everything to look into it.
Try these, one after the other:

  loadmod vmap_bench.ko            the module that uses the layer
  cd /sys/kernel/debug/vmap_bench; grep . workloads pages threads ops
  echo ram >workload; echo 1 >run; cat result
  vmapstat 1                       purges, flushes, IPIs, lock waits, every
                                   second till Ctrl-C; start a run beside it
                                   with: sh /vmapbench/bench.sh ram &
  bpftrace /vmapbench/purges.bt -c "sh /vmapbench/bench.sh vmap 4 4 20000"
                                   who purges; ls /vmapbench/*.bt for more
  cd /sys/kernel/tracing; echo 'p:mine vm_unmap_ram' >kprobe_events
  echo 1 >events/kprobes/mine/enable; sh /vmapbench/bench.sh; head -20 trace
                                   a probe of your own, by hand

Ctrl-C ends what runs; exit, poweroff or Ctrl-A x ends the guest.

END
# A session with the serial line as its terminal: Ctrl-C then goes to what runs
# in it. Records and plan are not the shell's.
(cd /vmapbench && ENV=/vmapbench/shellrc setsid cttyhack sh -i 3>&- 4<&-)
exec 3>&-
reboot -f
