/* SPDX-License-Identifier: GPL-2.0 */
/* Claims that were checked: claim.json in memory, and in words. */
#ifndef VB_CLAIM_H
#define VB_CLAIM_H

#include <jansson.h>
#include <stdio.h>

#include "base/common.h"

/**
 * struct vb_claim - claim.json; the strings live in @root
 * @root: the document
 * @path: the file, for messages
 * @name: the claim's name
 * @title: what it is about
 * @verdict: HOLDS, DOES NOT HOLD or CANNOT TELL
 */
struct vb_claim {
	json_t *root;
	const char *path;
	const char *name;
	const char *title;
	const char *verdict;
};

/**
 * struct vb_claims - those of one page
 * @claim: the claims
 * @n: how many
 * @absent: names of claims that were asked for and are not there
 */
struct vb_claims {
	struct vb_claim *claim;
	size_t n;
	struct vb_list absent;
};

void vb_claim_read(struct vb_claim *c, const char *path);
const char *vb_claim_string(const struct vb_claim *c, json_t *o, const char *key);
json_t *vb_claim_list(const struct vb_claim *c, json_t *o, const char *key);
struct vb_list vb_claim_lines(const struct vb_claim *c, const char *key);
char *vb_claim_cell(json_t *value);
char *vb_claim_source(const struct vb_claim *c);
char *vb_claim_evidence(const struct vb_claim *c, json_t *relation);
const char *vb_claim_holds(json_t *relation);
struct vb_list vb_claim_campaigns(const struct vb_claim *c);
void vb_claims_text(FILE *out, const struct vb_claims *all);
void vb_claims_html(FILE *out, const struct vb_claims *all);

#endif
