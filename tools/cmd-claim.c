// SPDX-License-Identifier: GPL-2.0
/* cmd-claim - claims that were checked, as text or as a page, on stdout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "claim/claim.h"
#include "claim/claim-words.h"
#include "records/model.h"
#include "base/options.h"
#include "commands.h"

static void help(void)
{
	puts("usage: vb-claim [--format text|html] [--absent NAME]... CLAIM_JSON...\n"
	     "       vb-claim --words CLAIM\n"
	     "       vb-claim --model CAMPAIGN_JSON\n"
	     "\n"
	     "Prints what claim.json of each claim says: published and measured figures, the relations with\n"
	     "their numbers, and the verdict.\n"
	     "\n"
	     "  --format F     text (default) or html\n"
	     "  --absent NAME  name a claim of which there is no such file\n"
	     "  --words CLAIM  check that a claim's file has the words of claims only\n"
	     "  --model FILE   print what verdicts on that campaign cannot see, if it is of sim\n"
	     "\n"
	     "exit codes: 0 printed; 2 usage error, or a file that is not what it should be");
}

typedef void (*print_fn)(FILE *out, const struct vb_claims *all);

static print_fn format_of(const char *name)
{
	if (!strcmp(name, "text"))
		return vb_claims_text;
	if (!strcmp(name, "html"))
		return vb_claims_html;
	vb_usage("--format: %s is neither text nor html", name);
}

static void print_model(const char *path)
{
	char *text = vb_model_of(path);

	if (text)
		puts(text);
	free(text);
	vb_close_stdout();
}

static int run(int argc, char **argv)
{
	const char *format = NULL, *words = NULL, *model = NULL;
	print_fn print = vb_claims_text;
	struct vb_claims all = { 0 };
	size_t i;
	const struct vb_option options[] = {
		{ "format", VB_TEXT, &format },
		{ "absent", VB_TEXTS, &all.absent },
		{ "words", VB_TEXT, &words },
		{ "model", VB_TEXT, &model },
	};

	vb_name = "vb-claim";
	vb_options(argc, argv, help, options, ARRAY_SIZE(options));
	if (words) {
		vb_claim_words(words);
		return VB_OK;
	}
	if (model) {
		print_model(model);
		return VB_OK;
	}
	if (format)
		print = format_of(format);
	if (optind == argc && !all.absent.n)
		vb_usage("a claim.json is needed");
	for (; optind < argc; optind++) {
		all.claim = vb_grow(all.claim, all.n, sizeof(*all.claim));
		vb_claim_read(&all.claim[all.n++], argv[optind]);
	}
	print(stdout, &all);
	vb_close_stdout();
	for (i = 0; i < all.n; i++)
		json_decref(all.claim[i].root);
	free(all.claim);
	vb_list_free(&all.absent);
	return VB_OK;
}

VB_COMMAND(claim, "claims that were checked, as text or as a page");
