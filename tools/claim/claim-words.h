/* SPDX-License-Identifier: GPL-2.0 */
/* What a claim's file may say: see claim-words.c. */
#ifndef VB_CLAIM_WORDS_H
#define VB_CLAIM_WORDS_H

void vb_claim_words(const char *path);

#endif
