# SPDX-License-Identifier: GPL-2.0
#
# The machines that there are, as scripts/run/machines declares them. Included by each
# Makefile that builds tools/records/machines.c, which has set OUT.

MACHINES_DIR	:= $(dir $(abspath $(lastword $(MAKEFILE_LIST))))
MACHINES_FROM	:= $(wildcard $(MACHINES_DIR)../../scripts/run/machines/*.sh)
MACHINES_LIST	:= $(OUT)/machines-list.h
CPPFLAGS	+= -I$(OUT)

# The directory, too: a machine can be taken away.
$(MACHINES_LIST): $(MACHINES_DIR)machines.awk $(MACHINES_DIR)../../scripts/run/machines $(MACHINES_FROM)
	mkdir -p $(@D)
	awk -f $< $(MACHINES_FROM) >$@.new
	mv $@.new $@
