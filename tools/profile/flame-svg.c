// SPDX-License-Identifier: GPL-2.0
/* The picture of a flame graph, SVG without scripts: see flame.h. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/common.h"
#include "profile/flame.h"
#include "base/markup.h"

/* In pixels. */
#define WIDTH		1200
#define MARGIN		10
#define HEAD		52
#define FOOT		34
#define ROW		18
#define BAR		(ROW - 1)
/* What is narrower cannot be seen. */
#define NARROW		0.2
/* Of a letter, in the font of labels, and left of the first. */
#define LETTER		6.63
#define FONT		11
#define INDENT		3
/* A name that is cut to less says nothing. */
#define LABEL_MIN	6

/* Areas in the order of parts.tsv; all are light enough for black letters. */
static const char *const palette[] = {
	"#f4a582", "#c2a5cf", "#a6dba0", "#d9d9d9", "#92c5de", "#fddbc7", "#80cdc1", "#dfc27d",
};

#define REST	"#fff3d6"

/* Frames that are no functions. */
static const struct {
	const char *name;
	const char *colour;
} others[] = {
	{ VB_FRAME_SPIN, "#9d7bb0" },
	{ VB_FRAME_COST, "#e6c35c" },
	{ VB_FRAME_LOST, "#ff9999" },
	{ VB_FRAME_USER, "#ffffbf" },
	{ VB_FRAME_IDLE, "#efefef" },
};

/* The picture while it is drawn. */
struct canvas {
	FILE *out;
	const struct vb_picture *p;
	double scale;
	double bottom;
	/* The largest change of a share, for the colours of a difference. */
	double most;
};

/* "name_[module]" is for files that end a name at a blank. */
static char *display_name(const char *name)
{
	char *text = vb_strf("%s", name);
	char *module = strstr(text, "_[");

	if (module)
		*module = ' ';
	return text;
}

static double share_of(const struct canvas *c, const struct vb_flame *f, int side)
{
	return vb_flame_share(c->p->root, f, side);
}

/* A difference is as wide as the mean of both sides: what is gone is seen, too. */
static double width_of(const struct canvas *c, const struct vb_flame *f)
{
	double share = share_of(c, f, 0);

	if (c->p->diff)
		share = (share + share_of(c, f, 1)) / 2;
	return share * c->scale;
}

static double change(const struct canvas *c, const struct vb_flame *f)
{
	return share_of(c, f, 1) - share_of(c, f, 0);
}

static void find_most(struct canvas *c, const struct vb_flame *f)
{
	size_t i;

	if (fabs(change(c, f)) > c->most)
		c->most = fabs(change(c, f));
	for (i = 0; i < f->n; i++)
		find_most(c, &f->child[i]);
}

/*
 * White is no change; red has grown and blue has shrunk. Not in proportion, or few
 * would have a colour at all.
 */
static void put_change_colour(FILE *out, double part)
{
	const int fade = 255 - (int)lround(sqrt(fabs(part)) * 155);

	if (part > 0)
		fprintf(out, "#ff%02x%02x", fade, fade);
	else
		fprintf(out, "#%02x%02xff", fade, fade);
}

static const char *colour_of(const struct vb_parts *parts, const char *name)
{
	const char *module = strstr(name, "_[");
	char *symbol, *owner = NULL;
	size_t i, area;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (!strcmp(others[i].name, name))
			return others[i].colour;
	symbol = vb_strf("%.*s", module ? (int)(module - name) : (int)strlen(name), name);
	if (module)
		owner = vb_strf("%.*s", (int)strcspn(module + 2, "]"), module + 2);
	area = vb_parts_area_of(parts, symbol, owner);
	free(symbol);
	free(owner);
	return area < parts->nareas ? palette[area % ARRAY_SIZE(palette)] : REST;
}

static void put_colour(const struct canvas *c, const struct vb_flame *f)
{
	if (!c->p->diff)
		fputs(colour_of(c->p->parts, f->name), c->out);
	else
		put_change_colour(c->out, c->most > 0 ? change(c, f) / c->most : 0);
}

static void put_tooltip(const struct canvas *c, const struct vb_flame *f, const char *name)
{
	fputs("<title>", c->out);
	vb_markup(c->out, name, SIZE_MAX, VB_MARKUP_TEXT);
	if (c->p->diff)
		fprintf(c->out, ": %.2f%% -&gt; %.2f%% of all time, %+.2f points",
			100 * share_of(c, f, 0), 100 * share_of(c, f, 1), 100 * change(c, f));
	else
		fprintf(c->out, ": %.2f%% of all time, %.0f ns", 100 * share_of(c, f, 0),
			f->ns[0]);
	fputs("</title>", c->out);
}

static void put_label(const struct canvas *c, const char *name, double x, double y, double width)
{
	const size_t room = width > 2 * INDENT ? (size_t)((width - 2 * INDENT) / LETTER) : 0;
	const size_t len = strlen(name);

	if (room < LABEL_MIN && room < len)
		return;
	fprintf(c->out, "<text x=\"%.2f\" y=\"%.1f\">", x + INDENT, y + BAR - 5);
	vb_markup(c->out, name, len > room ? room - 2 : len, VB_MARKUP_TEXT);
	fprintf(c->out, "%s</text>", len > room ? ".." : "");
}

static void put_frame(const struct canvas *c, const struct vb_flame *f, double x, int depth)
{
	const double width = width_of(c, f), y = c->bottom - ROW * (depth + 1);
	char *name;
	size_t i;

	if (width < NARROW)
		return;
	name = display_name(f->name);
	fputs("<g>", c->out);
	put_tooltip(c, f, name);
	fprintf(c->out, "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%d\" fill=\"", x, y,
		width, BAR);
	put_colour(c, f);
	fputs("\"/>", c->out);
	put_label(c, name, x, y, width);
	fputs("</g>\n", c->out);
	free(name);
	for (i = 0; i < f->n; i++) {
		put_frame(c, &f->child[i], x, depth + 1);
		x += width_of(c, &f->child[i]);
	}
}

static double put_key(const struct canvas *c, double x, const char *colour, const char *text)
{
	const double y = c->bottom + 14;

	fprintf(c->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"12\" height=\"12\"", x, y);
	fprintf(c->out, " fill=\"%s\"/>", colour);
	fprintf(c->out, "<text x=\"%.1f\" y=\"%.1f\">", x + 16, y + 10);
	vb_markup(c->out, text, SIZE_MAX, VB_MARKUP_TEXT);
	fputs("</text>\n", c->out);
	return x + 16 + strlen(text) * LETTER + 14;
}

static void put_area_keys(const struct canvas *c)
{
	const struct vb_parts *parts = c->p->parts;
	double x = MARGIN;
	size_t i;

	for (i = 0; i < parts->nareas; i++)
		x = put_key(c, x, palette[i % ARRAY_SIZE(palette)], parts->area[i]);
	x = put_key(c, x, REST, VB_PART_REST);
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (strcmp(others[i].name, VB_FRAME_LOST))
			x = put_key(c, x, others[i].colour, others[i].name);
}

static void put_change_keys(const struct canvas *c)
{
	static const double steps[] = { -1, -0.5, -0.1, 0, 0.1, 0.5, 1 };
	char colour[16], text[32];
	double x = MARGIN;
	FILE *mem;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		mem = fmemopen(colour, sizeof(colour), "w");
		if (!mem)
			vb_die("out of memory");
		put_change_colour(mem, steps[i]);
		fclose(mem);
		snprintf(text, sizeof(text), "%+.2f points", 100 * steps[i] * c->most);
		x = put_key(c, x, colour, steps[i] ? text : "no change");
	}
}

static void put_heading(const struct canvas *c, const char *text, int y, const char *font)
{
	fprintf(c->out, "<text x=\"%d\" y=\"%d\" style=\"font: %s 'DejaVu Sans', sans-serif\">",
		MARGIN, y, font);
	vb_markup(c->out, text, SIZE_MAX, VB_MARKUP_TEXT);
	fputs("</text>\n", c->out);
}

static void put_begin(const struct canvas *c, int height)
{
	fprintf(c->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
		WIDTH, height, WIDTH, height);
	fprintf(c->out, "<style>text { font: %dpx 'DejaVu Sans Mono', monospace }\n"
		"rect { stroke: #777; stroke-width: 0.25 }</style>\n", FONT);
	fputs("<title>", c->out);
	vb_markup(c->out, c->p->title, SIZE_MAX, VB_MARKUP_TEXT);
	fputs("</title>\n", c->out);
	fprintf(c->out, "<path d=\"M0 0H%dV%dH0z\" fill=\"#fff\"/>\n", WIDTH, height);
}

/**
 * vb_flame_draw() - draw a flame graph
 * @out: where to
 * @p: what; the same gives the same bytes
 */
void vb_flame_draw(FILE *out, const struct vb_picture *p)
{
	const int rows = vb_flame_depth(p->root);
	const int height = HEAD + rows * ROW + FOOT;
	struct canvas c = {
		.out = out, .p = p, .scale = WIDTH - 2 * MARGIN, .bottom = HEAD + rows * ROW,
	};

	find_most(&c, p->root);
	put_begin(&c, height);
	put_heading(&c, p->title, 22, "bold 15px");
	put_heading(&c, p->subtitle, 40, "normal 11px");
	put_frame(&c, p->root, MARGIN, 0);
	if (p->diff)
		put_change_keys(&c);
	else
		put_area_keys(&c);
	fputs("</svg>\n", out);
}
