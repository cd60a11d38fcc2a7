/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the parts of IGMP. */
#ifndef PARSERS_NET_IGMP_PRIV_H
#define PARSERS_NET_IGMP_PRIV_H

#include <linux/igmp.h>
#include <linux/jiffies.h>

#define IGMP_V1_SEEN(in_dev)							\
	((in_dev)->cnf.force_igmp_version == 1 ||				\
	 ((in_dev)->mr_v1_seen && time_before(jiffies, (in_dev)->mr_v1_seen)))
#define IGMP_V2_SEEN(in_dev)							\
	((in_dev)->cnf.force_igmp_version == 2 ||				\
	 ((in_dev)->mr_v2_seen && time_before(jiffies, (in_dev)->mr_v2_seen)))

/* Reports: of the version that is spoken here, on @pmc or (NULL) on every group. */
int igmp_send_report(struct in_device *in_dev, struct ip_mc_list *pmc, int type);
int igmpv3_send_report(struct in_device *in_dev, struct ip_mc_list *pmc);
void igmpv3_send_cr(struct in_device *in_dev);

#endif /* PARSERS_NET_IGMP_PRIV_H */
