// SPDX-License-Identifier: GPL-2.0-only
/*
 * CIPSO: the tags of the option, and the label a transport reads from them.
 *
 * Modelled on: Linux 6.1 net/ipv4/cipso_ipv4.c (cipso_v4_validate,
 *	cipso_v4_map_lvl_valid, cipso_v4_map_cat_{rbm,enum,rng}_valid,
 *	cipso_v4_optptr, cipso_v4_getattr, cipso_v4_parsetag_{rbm,enum,rng,loc},
 *	cipso_v4_map_cat_{rbm,enum,rng}_ntoh), net/netlabel/netlabel_kapi.c
 *	(netlbl_bitmap_walk)
 * Spec: draft-ietf-cipso-ipsecurity-01, FIPS 188
 * Differs: two static domains; every accepted packet's label is read, as a labelled
 *	socket would; labels are effects, not catmaps; no cache.
 */
#include <linux/slab.h>
#include <net/cipso_ipv4.h>
#include <net/ip.h>

#include "rx.h"

enum { LEVELS = 16, CATEGORIES = 40 };

static struct cipso_v4_std_map_tbl std_map;

static struct cipso_v4_doi doi_pass = {
	.doi = 1, .type = CIPSO_V4_MAP_PASS,
	.tags = { CIPSO_V4_TAG_RBITMAP, CIPSO_V4_TAG_ENUM, CIPSO_V4_TAG_RANGE,
		  CIPSO_V4_TAG_LOCAL, CIPSO_V4_TAG_INVALID },
};

static struct cipso_v4_doi doi_trans = {
	.doi = 2, .type = CIPSO_V4_MAP_TRANS, .map.std = &std_map,
	.tags = { CIPSO_V4_TAG_RBITMAP, CIPSO_V4_TAG_ENUM, CIPSO_V4_TAG_INVALID },
};

/* The table of the second domain: every fifth label has no meaning. */
static bool cipso_v4_make_map(void)
{
	u32 i;

	if (std_map.lvl.cipso)
		return true;
	std_map.lvl.cipso = kmalloc_array(LEVELS, sizeof(u32), GFP_ATOMIC);
	std_map.cat.cipso = kmalloc_array(CATEGORIES, sizeof(u32), GFP_ATOMIC);
	if (!std_map.lvl.cipso || !std_map.cat.cipso) {
		kfree(std_map.lvl.cipso);
		kfree(std_map.cat.cipso);
		std_map.lvl.cipso = std_map.cat.cipso = NULL;
		return false;
	}
	std_map.lvl.cipso_size = LEVELS;
	std_map.cat.cipso_size = CATEGORIES;
	for (i = 0; i < LEVELS; i++)
		std_map.lvl.cipso[i] = i % 5 == 4 ? CIPSO_V4_INV_LVL : i;
	for (i = 0; i < CATEGORIES; i++)
		std_map.cat.cipso[i] = i % 5 == 4 ? CIPSO_V4_INV_CAT : i;
	return true;
}

static struct cipso_v4_doi *cipso_v4_doi_search(u32 doi)
{
	if (doi == doi_pass.doi)
		return &doi_pass;
	return doi == doi_trans.doi && cipso_v4_make_map() ? &doi_trans : NULL;
}

/*
 * Labels
 */

/* The next bit that is set, from @offset on; -1: none. */
static int netlbl_bitmap_walk(const unsigned char *bitmap, u32 bitmap_len, u32 offset)
{
	u32 byte_offset = offset / 8, bit_spot = offset;
	unsigned char bitmask = 0x80 >> (offset % 8), byte;

	if (malformed_in(CVE_2019_25160, offset >= bitmap_len))
		return -1;
	byte = bitmap[byte_offset];

	while (bit_spot < bitmap_len) {
		if ((byte & bitmask) == bitmask)
			return bit_spot;
		if (++bit_spot >= bitmap_len)
			return -1;
		bitmask >>= 1;
		if (!bitmask) {
			byte = bitmap[++byte_offset];
			bitmask = 0x80;
		}
	}
	return -1;
}

static int cipso_v4_map_lvl_valid(const struct cipso_v4_doi *doi_def, u8 level)
{
	if (doi_def->type == CIPSO_V4_MAP_PASS)
		return 0;
	if (malformed_in(CVE_2019_25160, level >= doi_def->map.std->lvl.cipso_size))
		return -EFAULT;
	if (malformed(doi_def->map.std->lvl.cipso[level] >= CIPSO_V4_INV_LVL))
		return -EFAULT;
	return 0;
}

static int cipso_v4_map_cat_rbm_valid(const struct cipso_v4_doi *doi_def,
				      const unsigned char *bitmap, u32 bitmap_len)
{
	int cat = -1;

	if (doi_def->type == CIPSO_V4_MAP_PASS)
		return 0;
	for (;;) {
		cat = netlbl_bitmap_walk(bitmap, bitmap_len * 8, cat + 1);
		if (cat < 0)
			return 0;
		if (malformed(cat >= doi_def->map.std->cat.cipso_size))
			return -EFAULT;
		if (malformed(doi_def->map.std->cat.cipso[cat] >= CIPSO_V4_INV_CAT))
			return -EFAULT;
	}
}

static int cipso_v4_map_cat_enum_valid(const struct cipso_v4_doi *doi_def,
				       const unsigned char *enumcat, u32 enumcat_len)
{
	int cat_prev = -1;
	u32 iter;
	u16 cat;

	if (malformed(doi_def->type != CIPSO_V4_MAP_PASS))
		return -EFAULT;
	if (malformed(enumcat_len & 0x01))
		return -EFAULT;

	for (iter = 0; iter < enumcat_len; iter += 2) {
		cat = get_unaligned_be16(&enumcat[iter]);
		if (malformed(cat <= cat_prev))
			return -EFAULT;
		cat_prev = cat;
	}
	return 0;
}

static int cipso_v4_map_cat_rng_valid(const struct cipso_v4_doi *doi_def,
				      const unsigned char *rngcat, u32 rngcat_len)
{
	u32 cat_prev = CIPSO_V4_MAX_REM_CATS + 1, iter;
	u16 cat_high, cat_low;

	if (malformed(doi_def->type != CIPSO_V4_MAP_PASS))
		return -EFAULT;
	if (malformed(rngcat_len & 0x01))
		return -EFAULT;

	for (iter = 0; iter < rngcat_len; iter += 4) {
		cat_high = get_unaligned_be16(&rngcat[iter]);
		if (iter + 4 <= rngcat_len)
			cat_low = get_unaligned_be16(&rngcat[iter + 2]);
		else
			cat_low = 0;
		if (malformed(cat_high > cat_prev))
			return -EFAULT;
		cat_prev = cat_low;
	}
	return 0;
}

/*
 * The option
 */

/* The level and the categories of a tag; 0, or the offset of the wrong byte. */
static unsigned char validate_labels(const struct cipso_v4_doi *doi_def,
				     const unsigned char *tag, u8 tag_len)
{
	int (*cats)(const struct cipso_v4_doi *doi_def, const unsigned char *cats, u32 len) =
		tag[0] == CIPSO_V4_TAG_RBITMAP ? cipso_v4_map_cat_rbm_valid :
		tag[0] == CIPSO_V4_TAG_ENUM ? cipso_v4_map_cat_enum_valid :
					      cipso_v4_map_cat_rng_valid;

	if (cipso_v4_map_lvl_valid(doi_def, tag[3]) < 0)
		return 3;
	if (tag_len > 4 && cats(doi_def, &tag[4], tag_len - 4) < 0)
		return 4;
	return 0;
}

/* One tag; -1: it is right, else the offset in it of the wrong byte. */
static int validate_tag(const struct sk_buff *skb, const struct cipso_v4_doi *doi_def,
			const unsigned char *tag, u8 tag_len)
{
	unsigned char wrong;

	switch (tag[0]) {
	case CIPSO_V4_TAG_RBITMAP:
		if (malformed(tag_len < CIPSO_V4_TAG_RBM_BLEN))
			return 1;
		break;
	case CIPSO_V4_TAG_ENUM:
		if (malformed(tag_len < CIPSO_V4_TAG_ENUM_BLEN))
			return 1;
		break;
	case CIPSO_V4_TAG_RANGE:
		if (malformed(tag_len < CIPSO_V4_TAG_RNG_BLEN))
			return 1;
		break;
	default:
		/* a label of this node alone */
		if (malformed(!(skb->dev->flags & IFF_LOOPBACK)))
			return 0;
		if (malformed(tag_len != CIPSO_V4_TAG_LOC_BLEN))
			return 1;
		return -1;
	}
	rx_u64(skb, "ip.cipso.sensitivity_level", tag[3]);
	wrong = validate_labels(doi_def, tag, tag_len);
	return wrong ? wrong : -1;
}

static bool cipso_v4_tag_known(const struct cipso_v4_doi *doi_def, u8 tag)
{
	u32 tag_iter;

	for (tag_iter = 0; tag_iter < CIPSO_V4_TAG_MAXCNT; tag_iter++) {
		if (doi_def->tags[tag_iter] == CIPSO_V4_TAG_INVALID)
			return false;
		if (doi_def->tags[tag_iter] == tag)
			return true;
	}
	return false;
}

int cipso_v4_validate(const struct sk_buff *skb, unsigned char **option)
{
	unsigned char *opt = *option, *tag, opt_iter = CIPSO_V4_HDR_LEN, err_offset;
	struct cipso_v4_doi *doi_def;
	u8 opt_len = opt[1], tag_len;
	int wrong;

	/* the caller has checked that it is not too long */
	err_offset = 1;
	if (malformed(opt_len < 8))
		goto validate_return;
	rx_u64(skb, "ip.cipso.doi", get_unaligned_be32(&opt[2]));

	doi_def = cipso_v4_doi_search(get_unaligned_be32(&opt[2]));
	err_offset = 2;
	if (malformed(!doi_def))
		goto validate_return;

	tag = opt + opt_iter;
	while (opt_iter < opt_len) {
		rx_u64(skb, "ip.cipso.tag_type", tag[0]);
		err_offset = opt_iter;
		if (malformed(!cipso_v4_tag_known(doi_def, tag[0])))
			goto validate_return;
		if (malformed(opt_iter + 1 == opt_len))
			goto validate_return;
		tag_len = tag[1];
		err_offset = opt_iter + 1;
		if (malformed(tag_len > opt_len - opt_iter))
			goto validate_return;
		wrong = validate_tag(skb, doi_def, tag, tag_len);
		if (wrong >= 0) {
			err_offset = opt_iter + wrong;
			goto validate_return;
		}
		tag += tag_len;
		opt_iter += tag_len;
	}
	return 0;

validate_return:
	*option = opt + err_offset;
	return err_offset;
}

unsigned char *cipso_v4_optptr(const struct sk_buff *skb)
{
	unsigned char *optptr = (unsigned char *)&(ip_hdr(skb)[1]);
	const struct iphdr *iph = ip_hdr(skb);
	bool single = fixed(CVE_2018_10938);
	int optlen, taglen;

	for (optlen = iph->ihl * 4 - sizeof(struct iphdr); optlen > 1; ) {
		triggered(CVE_2018_10938, optptr[0] != IPOPT_CIPSO && !optptr[1]);
		if (single && optptr[0] == IPOPT_END)
			return NULL;
		taglen = single && optptr[0] == IPOPT_NOOP ? 1 : optptr[1];
		if (malformed_in(CVE_2018_10938, !taglen))
			return NULL;
		if (malformed_in(CVE_2018_10938, taglen > optlen))
			return NULL;
		if (optptr[0] == IPOPT_CIPSO)
			return optptr;
		optlen -= taglen;
		optptr += taglen;
	}
	return NULL;
}

/*
 * What a transport reads
 */

static void label_category(const struct sk_buff *skb, u32 low, u32 high)
{
	sink_effect_u64(rx_sink(skb), "cipso.category", low);
	if (low != high)
		sink_effect_u64(rx_sink(skb), "cipso.category.high", high);
}

static int cipso_v4_map_cat_rbm_ntoh(const struct sk_buff *skb,
				     const struct cipso_v4_doi *doi_def,
				     const unsigned char *net_cat, u32 net_cat_len)
{
	u32 host_spot;
	int net_spot = -1;

	for (;;) {
		net_spot = netlbl_bitmap_walk(net_cat, net_cat_len * 8, net_spot + 1);
		if (net_spot < 0)
			return 0;
		host_spot = net_spot;
		if (doi_def->type == CIPSO_V4_MAP_TRANS) {
			if (malformed(net_spot >= doi_def->map.std->cat.cipso_size))
				return -EPERM;
			host_spot = doi_def->map.std->cat.cipso[net_spot];
			if (malformed(host_spot >= CIPSO_V4_INV_CAT))
				return -EPERM;
		}
		label_category(skb, host_spot, host_spot);
	}
}

static void cipso_v4_map_cat_enum_ntoh(const struct sk_buff *skb,
				       const unsigned char *net_cat, u32 net_cat_len)
{
	u32 iter, cat;

	for (iter = 0; iter < net_cat_len; iter += 2) {
		cat = get_unaligned_be16(&net_cat[iter]);
		label_category(skb, cat, cat);
	}
}

static void cipso_v4_map_cat_rng_ntoh(const struct sk_buff *skb,
				      const unsigned char *net_cat, u32 net_cat_len)
{
	u16 cat_low, cat_high;
	u32 net_iter;

	for (net_iter = 0; net_iter < net_cat_len; net_iter += 4) {
		cat_high = get_unaligned_be16(&net_cat[net_iter]);
		if (net_iter + 4 <= net_cat_len)
			cat_low = get_unaligned_be16(&net_cat[net_iter + 2]);
		else
			cat_low = 0;
		label_category(skb, cat_low, cat_high);
	}
}

static int cipso_v4_map_lvl_ntoh(const struct cipso_v4_doi *doi_def, u32 net_lvl,
				 u32 *host_lvl)
{
	struct cipso_v4_std_map_tbl *map_tbl = doi_def->map.std;

	if (doi_def->type == CIPSO_V4_MAP_PASS) {
		*host_lvl = net_lvl;
		return 0;
	}
	if (malformed(net_lvl >= map_tbl->lvl.cipso_size))
		return -EPERM;
	if (malformed(map_tbl->lvl.cipso[net_lvl] >= CIPSO_V4_INV_LVL))
		return -EPERM;
	*host_lvl = map_tbl->lvl.cipso[net_lvl];
	return 0;
}

static int cipso_v4_parsetag(const struct sk_buff *skb, const struct cipso_v4_doi *doi_def,
			     const unsigned char *tag)
{
	u8 tag_len = tag[1];
	u32 level;
	int ret_val;

	ret_val = cipso_v4_map_lvl_ntoh(doi_def, tag[3], &level);
	if (ret_val)
		return ret_val;
	sink_effect_u64(rx_sink(skb), "cipso.level", level);

	if (tag_len <= 4)
		return 0;
	if (tag[0] == CIPSO_V4_TAG_RBITMAP)
		return cipso_v4_map_cat_rbm_ntoh(skb, doi_def, &tag[4], tag_len - 4);
	if (tag[0] == CIPSO_V4_TAG_ENUM)
		cipso_v4_map_cat_enum_ntoh(skb, &tag[4], tag_len - 4);
	else
		cipso_v4_map_cat_rng_ntoh(skb, &tag[4], tag_len - 4);
	return 0;
}

int cipso_v4_getattr(const struct sk_buff *skb, const unsigned char *cipso)
{
	struct cipso_v4_doi *doi_def = cipso_v4_doi_search(get_unaligned_be32(&cipso[2]));

	if (malformed(!doi_def))
		return -ENOMSG;
	switch (cipso[6]) {
	case CIPSO_V4_TAG_RBITMAP:
	case CIPSO_V4_TAG_ENUM:
	case CIPSO_V4_TAG_RANGE:
		return cipso_v4_parsetag(skb, doi_def, &cipso[6]);
	case CIPSO_V4_TAG_LOCAL:
		sink_effect_bytes(rx_sink(skb), "cipso.secid", &cipso[8], 4);
		return 0;
	}
	return -ENOMSG;
}

static int cipso_v4_net_init(struct net *net)
{
	return 0;
}

static void cipso_v4_net_exit(struct net *net)
{
	kfree(std_map.lvl.cipso);
	kfree(std_map.cat.cipso);
	memset(&std_map, 0, sizeof(std_map));
}

static struct pernet_operations cipso_net_ops = {
	.init = cipso_v4_net_init,
	.exit = cipso_v4_net_exit,
};

int cipso_v4_init(void)
{
	return register_pernet_subsys(&cipso_net_ops);
}
