/* SPDX-License-Identifier: GPL-2.0 */
/*
 * qemu-inside.h - what the plugin interface does not offer
 */
#ifndef VB_SIM_QEMU_INSIDE_H
#define VB_SIM_QEMU_INSIDE_H

int qemu_inside_init(void);
void *qemu_current_cpu(void);
void *qemu_cpu_at(int index);
void qemu_end_turn(void);
void qemu_stop_machine(void);

#endif
