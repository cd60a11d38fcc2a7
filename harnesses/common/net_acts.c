// SPDX-License-Identifier: GPL-2.0-only
/* Acts of the local side of an IPv4 node: see net_acts.h. */
#include "net_acts.h"

#include <asm/unaligned.h>
#include <linux/igmp.h>
#include <linux/string.h>
#include <net/ip_tunnels.h>
#include <redzone/kernel.h>
#include <redzone/net.h>

static void act_join(const u8 *params)
{
	__be32 group = get_unaligned((const __be32 *)params);
	__be32 source = get_unaligned((const __be32 *)(params + 5));

	ip_mc_join_group(redzone_net_device(), group,
			 params[4] & 1 ? MCAST_INCLUDE : MCAST_EXCLUDE, &source,
			 !!(params[4] & 2));
}

/* A tunnel that carries any protocol received it. */
static void act_bare(const u8 *params, size_t len)
{
	struct sk_buff *skb;

	if (len < 3)
		return;
	skb = redzone_skb_from_input(params + 2, len - 2);
	if (!skb)
		return;
	skb->dev = redzone_tunnel_dev();
	skb->protocol = get_unaligned((const __be16 *)params);
	skb_reset_mac_header(skb);
	netif_receive_skb(skb);
}

void net_act_ipv4(u8 op, const u8 *params, size_t len)
{
	u8 all[9] = { 0 };

	memcpy(all, params, len < sizeof(all) ? len : sizeof(all));
	switch (op) {
	case NET_ACT_JOIN:
		act_join(all);
		break;
	case NET_ACT_LEAVE:
		ip_mc_leave_group(redzone_net_device(), get_unaligned((__be32 *)all));
		break;
	case NET_ACT_BARE:
		act_bare(params, len);
		break;
	}
}
