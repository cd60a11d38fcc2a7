/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CIPSO (Commercial IP Security Option). Changed for testing: two static domains of
 * interpretation, 1 (labels as they are) and 2 (labels by a table of 16 levels and 40
 * categories, of which some have no meaning).
 */
#ifndef _CIPSO_IPV4_H
#define _CIPSO_IPV4_H

#include <linux/skbuff.h>
#include <linux/types.h>

#define CIPSO_V4_TAG_INVALID	0
#define CIPSO_V4_TAG_RBITMAP	1
#define CIPSO_V4_TAG_ENUM	2
#define CIPSO_V4_TAG_RANGE	5
#define CIPSO_V4_TAG_LOCAL	128
#define CIPSO_V4_TAG_MAXCNT	5

#define CIPSO_V4_MAP_TRANS	1
#define CIPSO_V4_MAP_PASS	2

#define CIPSO_V4_HDR_LEN	6
#define CIPSO_V4_TAG_RBM_BLEN	4
#define CIPSO_V4_TAG_ENUM_BLEN	4
#define CIPSO_V4_TAG_RNG_BLEN	4
#define CIPSO_V4_TAG_LOC_BLEN	6

#define CIPSO_V4_INV_LVL	0x80000000
#define CIPSO_V4_INV_CAT	0x80000000
#define CIPSO_V4_MAX_REM_CATS	65534

struct cipso_v4_std_map_tbl {
	struct {
		u32 *cipso;
		u32 cipso_size;
	} lvl, cat;
};

struct cipso_v4_doi {
	u32	doi;
	u32	type;
	union {
		struct cipso_v4_std_map_tbl *std;
	} map;
	u8	tags[CIPSO_V4_TAG_MAXCNT];
};

/* 0, or the offset of the wrong byte, to which @option is advanced. */
int cipso_v4_validate(const struct sk_buff *skb, unsigned char **option);

/* The CIPSO option of a packet's header, which is linear; or NULL. */
unsigned char *cipso_v4_optptr(const struct sk_buff *skb);

/* What a transport makes of the label at @cipso: an effect. 0 or negative errno. */
int cipso_v4_getattr(const struct sk_buff *skb, const unsigned char *cipso);

int cipso_v4_init(void);

#endif /* _CIPSO_IPV4_H */
