// SPDX-License-Identifier: GPL-2.0
/* Symbols of modules: see module-symbols.h. */
#include <string.h>

#include "base/common.h"
#include "base/jsonl.h"
#include "profile/module-symbols.h"

/* The records of modules' symbols, read from events.jsonl. */
struct modules {
	struct vb_jsonl file;
	struct vb_symbols *table;
	json_t *seen;		/* name of a module: its symbols */
};

static void add_symbol(struct modules *m, const char *module, json_t *pair)
{
	const char *text = json_string_value(json_array_get(pair, 0));
	const char *name = json_string_value(json_array_get(pair, 1));
	uint64_t address;

	if (!text || !name || json_array_size(pair) != 2 || !vb_symbols_address(text, &address))
		vb_jsonl_bad(&m->file, "a symbol that is not [\"address\", \"name\"]");
	vb_symbols_add(m->table, address, 't', name, module);
}

static void read_event(void *arg, json_t *o)
{
	struct modules *m = arg;
	json_t *array, *seen, *pair;
	const char *module;
	size_t i;

	if (strcmp(vb_jsonl_str(&m->file, o, "type"), "symbols"))
		return;
	module = vb_jsonl_str(&m->file, o, "module");
	array = json_object_get(o, "symbol");
	if (!json_is_array(array))
		vb_jsonl_bad(&m->file, "\"symbol\" is missing or is not a list");
	seen = json_object_get(m->seen, module);
	if (seen && !json_equal(seen, array))
		vb_jsonl_bad(&m->file, "the module was loaded again, at another address");
	if (seen)
		return;
	json_object_set(m->seen, module, array);
	json_array_foreach(array, i, pair)
		add_symbol(m, module, pair);
}

/**
 * vb_module_symbols_read() - add the functions of modules
 * @table: the symbols, not finished
 * @events: an events.jsonl
 *
 * Ends the program when there is no such file, or it says that a module was at
 * two places.
 */
void vb_module_symbols_read(struct vb_symbols *table, const char *events)
{
	struct modules m = {
		.file.name = (char *)events, .table = table, .seen = json_object(),
	};

	if (!vb_jsonl_read(&m.file, read_event, &m))
		vb_die("%s: no such file", events);
	json_decref(m.seen);
}
