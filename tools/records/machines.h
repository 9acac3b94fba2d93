/* SPDX-License-Identifier: GPL-2.0 */
/* The machines that there are: those of scripts/run/machines. */
#ifndef VB_MACHINES_H
#define VB_MACHINES_H

/**
 * struct vb_machine - how kernels run
 * @name: as campaign.json has it
 * @accelerator: what executes the guest's instructions, in QEMU's words
 * @deterministic: each boot of a kernel is the same, and clocks are the simulator's
 */
struct vb_machine {
	const char *name;
	const char *accelerator;
	int deterministic;
};

const struct vb_machine *vb_machine_find(const char *name);
int vb_machine_has_flags(const struct vb_machine *m, const char *flags);
char *vb_machine_names(void);

#endif
