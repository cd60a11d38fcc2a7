/* SPDX-License-Identifier: GPL-2.0-only */
/* CALIPSO options (parsers/net/calipso.c). Changed for testing: DOI 1 and 2 exist. */
#ifndef _CALIPSO_H
#define _CALIPSO_H

#include <linux/skbuff.h>
#include <linux/types.h>

#define CALIPSO_DOI_UNKNOWN	0

bool calipso_validate(const struct sk_buff *skb, const unsigned char *option);
bool calipso_doi_search(u32 doi);

#endif /* _CALIPSO_H */
