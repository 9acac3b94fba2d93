// SPDX-License-Identifier: GPL-2.0
/*
 * Is a page that is freed still mapped? The debugfs file audit
 *
 * Between writing 1 and writing 0, whenever a page is freed while a region is open,
 * the page tables of the vmalloc space are looked through for entries that lead to it:
 * such an entry is a stray alias, through which whoever has the address still writes to
 * memory that is free, or is somebody else's by now. Reading gives the counts since 1
 * was written, as a line of JSON.
 *
 * What is left in a TLB when the entry is gone is not seen.
 */

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/irqflags.h>
#include <linux/kstrtox.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pgtable.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <asm/processor.h>

#include "vmap_bench.h"

/**
 * struct audited - pages that are being freed, next to one another
 * @pfn: number of the first
 * @nr: how many
 * @mapped: those that an entry leads to
 */
struct audited {
	unsigned long pfn;
	unsigned long nr;
	DECLARE_BITMAP(mapped, MAX_ORDER_NR_PAGES);
};

static DEFINE_MUTEX(audit_lock);
static struct tracepoint *audit_tracepoint;
static bool audit_on;
static bool audit_inside;

static atomic64_t freed_pages;
static atomic64_t aliased_pages;

/* An entry leads to that many pages from @pfn on. */
static void note_entry(struct audited *a, unsigned long pfn, unsigned long nr)
{
	unsigned long from = max(pfn, a->pfn);
	unsigned long to = min(pfn + nr, a->pfn + a->nr);

	if (from < to)
		bitmap_set(a->mapped, from - a->pfn, to - from);
}

static void look_at_ptes(struct audited *a, pmd_t pmd, unsigned long addr, unsigned long end)
{
	pte_t *pte = pte_offset_kernel(&pmd, addr);

	do {
		pte_t entry = READ_ONCE(*pte);

		if (pte_present(entry))
			note_entry(a, pte_pfn(entry), 1);
	} while (pte++, addr += PAGE_SIZE, addr != end);
}

static void look_at_pmds(struct audited *a, pud_t pud, unsigned long addr, unsigned long end)
{
	pmd_t *pmd = pmd_offset(&pud, addr);
	unsigned long next;

	do {
		pmd_t entry = READ_ONCE(*pmd);

		next = pmd_addr_end(addr, end);
		if (!pmd_present(entry))
			continue;
		if (pmd_leaf(entry))
			note_entry(a, pmd_pfn(entry), PMD_SIZE >> PAGE_SHIFT);
		else
			look_at_ptes(a, entry, addr, next);
	} while (pmd++, addr = next, addr != end);
}

static void look_at_puds(struct audited *a, p4d_t p4d, unsigned long addr, unsigned long end)
{
	pud_t *pud = pud_offset(&p4d, addr);
	unsigned long next;

	do {
		pud_t entry = READ_ONCE(*pud);

		next = pud_addr_end(addr, end);
		if (!pud_present(entry))
			continue;
		if (pud_leaf(entry))
			note_entry(a, pud_pfn(entry), PUD_SIZE >> PAGE_SHIFT);
		else
			look_at_pmds(a, entry, addr, next);
	} while (pud++, addr = next, addr != end);
}

static void look_at_p4ds(struct audited *a, pgd_t *pgd, unsigned long addr, unsigned long end)
{
	p4d_t *p4d = p4d_offset(pgd, addr);
	unsigned long next;

	do {
		p4d_t entry = READ_ONCE(*p4d);

		next = p4d_addr_end(addr, end);
		if (p4d_present(entry))
			look_at_puds(a, entry, addr, next);
	} while (p4d++, addr = next, addr != end);
}

/*
 * The tables below the top are there from the boot on, and nearly all are empty. To look
 * at one as a whole takes a fraction of going through its entries.
 */
static bool leads_nowhere(pgd_t pgd)
{
	pgdval_t val = pgd_val(pgd);

	if (!(val & _PAGE_PRESENT))
		return true;
	return !(val & _PAGE_PSE) && !memchr_inv(__va(val & PTE_PFN_MASK), 0, PAGE_SIZE);
}

/*
 * The kernel's half of whatever table this CPU uses. With interrupts off, as a table
 * is freed only when all CPUs have answered the flush that goes before it.
 */
static void look_for_aliases(struct audited *a)
{
	/* 64 bits say its last byte, 32 the first behind it. */
	const unsigned long end = PAGE_ALIGN(VMALLOC_END);
	unsigned long addr = VMALLOC_START, next, flags;
	pgd_t *pgd;

	local_irq_save(flags);
	pgd = pgd_offset_pgd(__va(read_cr3_pa()), addr);
	do {
		next = pgd_addr_end(addr, end);
		if (!leads_nowhere(READ_ONCE(*pgd)))
			look_at_p4ds(a, pgd, addr, next);
	} while (pgd++, addr = next, addr != end);
	local_irq_restore(flags);
}

static void page_freed(void *unused, struct page *page, unsigned int order)
{
	struct audited a;

	if (!READ_ONCE(audit_inside))
		return;

	a.pfn = page_to_pfn(page);
	a.nr = 1UL << order;
	bitmap_zero(a.mapped, a.nr);
	look_for_aliases(&a);
	atomic64_add(a.nr, &freed_pages);
	atomic64_add(bitmap_weight(a.mapped, a.nr), &aliased_pages);
}

static void find_tracepoint(struct tracepoint *tp, void *unused)
{
	if (!strcmp(tp->name, "mm_page_free"))
		audit_tracepoint = tp;
}

static int start_audit(void)
{
	int err;

	if (audit_on)
		return -EALREADY;
	for_each_kernel_tracepoint(find_tracepoint, NULL);
	if (!audit_tracepoint)
		return -ENOENT;

	atomic64_set(&freed_pages, 0);
	atomic64_set(&aliased_pages, 0);
	err = tracepoint_probe_register(audit_tracepoint, page_freed, NULL);
	audit_on = !err;
	return err;
}

static void stop_audit(void)
{
	if (!audit_on)
		return;
	tracepoint_probe_unregister(audit_tracepoint, page_freed, NULL);
	tracepoint_synchronize_unregister();
	audit_on = false;
}

static ssize_t audit_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	bool on;
	int err;

	err = kstrtobool_from_user(ubuf, count, &on);
	if (err)
		return err;
	mutex_lock(&audit_lock);
	if (on)
		err = start_audit();
	else
		stop_audit();
	mutex_unlock(&audit_lock);
	return err ?: count;
}

static int audit_show(struct seq_file *m, void *unused)
{
	seq_printf(m, "{\"v\":1,\"type\":\"audit\",\"freed_pages\":%lld,\"aliased_pages\":%lld}\n",
		   atomic64_read(&freed_pages), atomic64_read(&aliased_pages));
	return 0;
}

static int audit_open(struct inode *inode, struct file *file)
{
	return single_open(file, audit_show, NULL);
}

static const struct file_operations audit_fops = {
	.owner		= THIS_MODULE,
	.open		= audit_open,
	.read		= seq_read,
	.write		= audit_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/**
 * vmap_bench_audit_region() - a region is about to begin, or has ended
 * @inside: it is about to begin
 */
void vmap_bench_audit_region(bool inside)
{
	WRITE_ONCE(audit_inside, inside);
}

/**
 * vmap_bench_audit_create() - make the debugfs file
 * @dir: where
 */
void vmap_bench_audit_create(struct dentry *dir)
{
	debugfs_create_file("audit", 0600, dir, NULL, &audit_fops);
}

/**
 * vmap_bench_audit_remove() - the module goes: end an audit that is still on
 *
 * To be called when the file is gone.
 */
void vmap_bench_audit_remove(void)
{
	stop_audit();
}
