# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=dash
#
# do-console.sh - console off|on: let go of the console, or take it again. While
# nobody has it open its line discipline, a few pages of vmalloc(), is freed.

case $1 in
off)	exec </dev/null >/dev/null 2>&1 ;;
on)	exec </dev/console >/dev/console 2>&1 ;;
*)	emit_error "console $1: neither off nor on" ;;
esac
