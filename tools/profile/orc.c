// SPDX-License-Identifier: GPL-2.0
/* Reading and searching ORC tables: see orc.h. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/common.h"
#include "profile/orc.h"

/* Of an entry in the file: two offsets and 16 bits of the rest. */
#define ENTRY_SIZE	6

/* The file that is being read. */
struct image {
	const char *path;
	int fd;
	Elf *elf;
	/* The parts of the table, and, in a module, what makes addresses of the first. */
	Elf_Data *ip, *entries, *rela, *symtab;
	uint64_t ip_address;
	size_t strings;
};

static void open_image(struct image *m, const char *path)
{
	memset(m, 0, sizeof(*m));
	m->path = path;
	elf_version(EV_CURRENT);
	m->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (m->fd < 0)
		vb_die("%s: %s", path, strerror(errno));
	m->elf = elf_begin(m->fd, ELF_C_READ, NULL);
	if (!m->elf || elf_kind(m->elf) != ELF_K_ELF)
		vb_die("%s: not an ELF file", path);
}

static void close_image(struct image *m)
{
	elf_end(m->elf);
	close(m->fd);
}

static void take_section(struct image *m, Elf_Scn *scn, const GElf_Shdr *h, const char *name)
{
	if (!strcmp(name, ".orc_unwind_ip")) {
		m->ip = elf_getdata(scn, NULL);
		m->ip_address = h->sh_addr;
	} else if (!strcmp(name, ".orc_unwind")) {
		m->entries = elf_getdata(scn, NULL);
	} else if (!strcmp(name, ".rela.orc_unwind_ip")) {
		m->rela = elf_getdata(scn, NULL);
	} else if (h->sh_type == SHT_SYMTAB) {
		m->symtab = elf_getdata(scn, NULL);
		m->strings = h->sh_link;
	}
}

static void find_sections(struct image *m)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr h;
	size_t names;
	char *name;

	if (elf_getshdrstrndx(m->elf, &names))
		vb_die("%s: %s", m->path, elf_errmsg(-1));
	while ((scn = elf_nextscn(m->elf, scn))) {
		name = gelf_getshdr(scn, &h) ? elf_strptr(m->elf, names, h.sh_name) : NULL;
		if (name)
			take_section(m, scn, &h, name);
	}
	if (!m->ip || !m->entries || !m->ip->d_size ||
	    m->ip->d_size / sizeof(int32_t) != m->entries->d_size / ENTRY_SIZE)
		vb_die("%s: no ORC tables: was it built with CONFIG_UNWINDER_ORC?", m->path);
}

/**
 * vb_orc_add() - append an entry
 * @orc: the tables
 * @entry: copied
 */
void vb_orc_add(struct vb_orc *orc, const struct vb_orc_entry *entry)
{
	orc->entry = vb_grow(orc->entry, orc->n, sizeof(*orc->entry));
	orc->entry[orc->n++] = *entry;
}

/* The bits as a compiler for x86-64 lays them out. */
static void add_entry(struct vb_orc *orc, const struct image *m, size_t i, uint64_t ip)
{
	const unsigned char *b = (const unsigned char *)m->entries->d_buf + i * ENTRY_SIZE;
	const struct vb_orc_entry e = {
		.ip = ip,
		.sp_offset = (int16_t)(b[0] | b[1] << 8),
		.bp_offset = (int16_t)(b[2] | b[3] << 8),
		.sp_reg = b[4] & 15,
		.bp_reg = b[4] >> 4,
		.type = b[5] & 3,
		.end = b[5] >> 2 & 1,
	};

	vb_orc_add(orc, &e);
}

/**
 * vb_orc_read_kernel() - add the tables of a kernel
 * @orc: the tables
 * @path: its vmlinux
 *
 * Ends the program when it cannot be read or has none.
 */
void vb_orc_read_kernel(struct vb_orc *orc, const char *path)
{
	struct image m;
	int32_t offset;
	size_t i;

	open_image(&m, path);
	find_sections(&m);
	/* Each says how far its code is from the place where it is written. */
	for (i = 0; i < m.ip->d_size / sizeof(offset); i++) {
		memcpy(&offset, (char *)m.ip->d_buf + i * sizeof(offset), sizeof(offset));
		add_entry(orc, &m, i, m.ip_address + i * sizeof(offset) + offset);
	}
	close_image(&m);
}

/* "DIR/vmap_bench.ko" is vmap_bench. */
static char *module_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = vb_strf("%s", slash ? slash + 1 : path);

	name[strcspn(name, ".")] = '\0';
	return name;
}

/* Where a module's function was in the guest; 0: not known, or there are several. */
static uint64_t address_of(const struct vb_symbols *symbols, const char *module, const char *name)
{
	uint64_t found = 0;
	size_t i;

	for (i = 0; i < symbols->n; i++) {
		if (!symbols->symbol[i].module || strcmp(symbols->symbol[i].module, module) ||
		    strcmp(symbols->symbol[i].name, name))
			continue;
		if (found)
			return 0;
		found = symbols->symbol[i].start;
	}
	return found;
}

static size_t symbols_named(const struct image *m, const char *name)
{
	const size_t n = m->symtab->d_size / sizeof(Elf64_Sym);
	size_t i, count = 0;
	GElf_Sym s;
	char *text;

	for (i = 0; i < n; i++) {
		text = gelf_getsym(m->symtab, i, &s) ? elf_strptr(m->elf, m->strings, s.st_name) :
						       NULL;
		count += text && !strcmp(text, name);
	}
	return count;
}

/* Where a section was in the guest: told by any function in it that has a name of its own. */
static uint64_t base_of(const struct image *m, size_t section, const struct vb_symbols *symbols,
			const char *module)
{
	const size_t n = m->symtab->d_size / sizeof(Elf64_Sym);
	uint64_t address;
	GElf_Sym s;
	size_t i;
	char *name;

	for (i = 0; i < n; i++) {
		if (!gelf_getsym(m->symtab, i, &s) || s.st_shndx != section ||
		    GELF_ST_TYPE(s.st_info) != STT_FUNC)
			continue;
		name = elf_strptr(m->elf, m->strings, s.st_name);
		if (!name || symbols_named(m, name) != 1)
			continue;
		address = address_of(symbols, module, name);
		if (address)
			return address - s.st_value;
	}
	return 0;
}

/**
 * vb_orc_read_module() - add the tables of a module
 * @orc: the tables
 * @path: its .ko
 * @symbols: finished; where its functions were in the guest
 *
 * Code of which nobody knows where it was is left out.
 *
 * Ends the program when the file cannot be read or has no tables.
 */
void vb_orc_read_module(struct vb_orc *orc, const char *path, const struct vb_symbols *symbols)
{
	char *name = module_name(path);
	uint64_t base = 0;
	size_t section = 0, i;
	struct image m;
	GElf_Rela r;
	GElf_Sym s;

	open_image(&m, path);
	find_sections(&m);
	if (!m.rela || !m.symtab)
		vb_die("%s: not a module", path);
	for (i = 0; gelf_getrela(m.rela, i, &r); i++) {
		if (!gelf_getsym(m.symtab, GELF_R_SYM(r.r_info), &s))
			vb_die("%s: %s", path, elf_errmsg(-1));
		if (s.st_shndx != section) {
			section = s.st_shndx;
			base = base_of(&m, section, symbols, name);
		}
		if (base)
			add_entry(orc, &m, r.r_offset / sizeof(int32_t),
				  base + s.st_value + r.r_addend);
	}
	close_image(&m);
	free(name);
}

/* The end of one function can be the beginning of the next: that one counts. */
static int compare(const void *a, const void *b)
{
	const struct vb_orc_entry *x = a, *y = b;

	if (x->ip != y->ip)
		return x->ip < y->ip ? -1 : 1;
	return (x->sp_reg != VB_ORC_UNDEFINED || x->end) -
	       (y->sp_reg != VB_ORC_UNDEFINED || y->end);
}

/**
 * vb_orc_finish() - nothing will be added any more
 * @orc: the tables; from now on addresses can be looked up
 */
void vb_orc_finish(struct vb_orc *orc)
{
	if (orc->n)
		qsort(orc->entry, orc->n, sizeof(*orc->entry), compare);
}

/**
 * vb_orc_find() - what is said of some code
 * @orc: the tables, finished
 * @ip: its address
 *
 * Return: the entry, or NULL when it is in front of them all.
 */
const struct vb_orc_entry *vb_orc_find(const struct vb_orc *orc, uint64_t ip)
{
	size_t low = 0, high = orc->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (orc->entry[mid].ip <= ip)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? &orc->entry[low - 1] : NULL;
}

/**
 * vb_orc_free() - free the tables
 * @orc: the tables; they can be used again
 */
void vb_orc_free(struct vb_orc *orc)
{
	free(orc->entry);
	memset(orc, 0, sizeof(*orc));
}
