/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of the host program: each cmd-NAME.c announces its own. */
#ifndef VB_COMMANDS_H
#define VB_COMMANDS_H

/**
 * struct vb_command - a command
 * @name: what it is called by
 * @text: what --help says of it
 * @run: main() of it; argv[0] does not matter
 */
struct vb_command {
	const char *name;
	const char *text;
	int (*run)(int argc, char **argv);
};

/* The linker collects the announcements of all files, as fio's engines are found. */
#define VB_COMMAND(name, text)						\
	static const struct vb_command name##_command = { #name, text, run };	\
	static const struct vb_command *const name##_entry		\
		__attribute((used, section("vb_commands"))) = &name##_command

/* The linker's names for the ends of what was collected. */
extern const struct vb_command *const __start_vb_commands[];
extern const struct vb_command *const __stop_vb_commands[];

#endif
