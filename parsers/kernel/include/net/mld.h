/* SPDX-License-Identifier: GPL-2.0-only */
/* Multicast Listener Discovery messages. Faithful to Linux 6.1 for the wire. */
#ifndef LINUX_MLD_H
#define LINUX_MLD_H

#include <linux/icmpv6.h>
#include <linux/in6.h>

/* Version 1: query, report, done */
struct mld_msg {
	struct icmp6hdr		mld_hdr;
	struct in6_addr		mld_mca;
};

#define mld_type		mld_hdr.icmp6_type
#define mld_maxdelay		mld_hdr.icmp6_maxdelay

/* Version 2 */
struct mld2_grec {
	__u8		grec_type;
	__u8		grec_auxwords;
	__be16		grec_nsrcs;
	struct in6_addr	grec_mca;
	struct in6_addr	grec_src[];
};

struct mld2_report {
	struct icmp6hdr		mld2r_hdr;
	struct mld2_grec	mld2r_grec[];
};

#define mld2r_ngrec		mld2r_hdr.icmp6_dataun.un_data16[1]

struct mld2_query {
	struct icmp6hdr		mld2q_hdr;
	struct in6_addr		mld2q_mca;
	__u8			mld2q_qrv:3,
				mld2q_suppress:1,
				mld2q_resv2:4;
	__u8			mld2q_qqic;
	__be16			mld2q_nsrcs;
	struct in6_addr		mld2q_srcs[];
};

#define mld2q_mrc		mld2q_hdr.icmp6_maxdelay

#define MLD2_MODE_IS_INCLUDE	1
#define MLD2_MODE_IS_EXCLUDE	2
#define MLD2_CHANGE_TO_INCLUDE	3
#define MLD2_CHANGE_TO_EXCLUDE	4
#define MLD2_ALLOW_NEW_SOURCES	5
#define MLD2_BLOCK_OLD_SOURCES	6

/* Codes with an exponent: RFC 3810 5.1.3 and 5.1.9 */
#define MLDV2_MRC_EXP(value)	(((value) >> 12) & 0x0007)
#define MLDV2_MRC_MAN(value)	((value) & 0x0fff)
#define MLDV2_QQIC_EXP(value)	(((value) >> 4) & 0x07)
#define MLDV2_QQIC_MAN(value)	((value) & 0x0f)

#define MLD_EXP_MIN_LIMIT	32768UL
#define MLDV1_MRD_MAX_COMPAT	(MLD_EXP_MIN_LIMIT - 1)

#define MLD_MAX_QUEUE		8
#define MLD_MAX_SKBS		32

static inline unsigned long mldv2_mrc(const struct mld2_query *mlh2)
{
	unsigned long mrc = ntohs(mlh2->mld2q_mrc);

	if (mrc < MLD_EXP_MIN_LIMIT)
		return mrc;
	return (MLDV2_MRC_MAN(mrc) | 0x1000) << (MLDV2_MRC_EXP(mrc) + 3);
}

#endif /* LINUX_MLD_H */
