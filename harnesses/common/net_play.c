// SPDX-License-Identifier: GPL-2.0-only
/* Records of network targets: see net_play.h. */
#include "net_play.h"

#include <asm/unaligned.h>
#include <linux/etherdevice.h>
#include <redzone/kernel.h>
#include <redzone/net.h>
#include <redzone/pump.h>

enum { WORK_MAX = 64 };

void net_play_frame(const struct rz_input *in, const u8 *frame, size_t len)
{
	struct sk_buff *skb = redzone_skb_from_input(frame, len);

	if (skb && (in->env & REDZONE_NET_ALL_LOCAL))
		skb = redzone_net_sent(skb);
	if (skb)
		eth_rx(redzone_net_device(), skb);
	redzone_net_pump();
}

void net_play_time(unsigned int ms)
{
	redzone_time_advance(ms);
	redzone_run_work(WORK_MAX);
	redzone_run_rcu();
	redzone_net_pump();
}

static void play_act(const u8 *record, size_t len, net_act_fn *act)
{
	if (len < 2)
		return;
	if (record[1] == NET_ACT_TIME)
		net_play_time(len >= 4 ? 10u * get_unaligned_le16(record + 2) : 0);
	else if (act)
		act(record[1], record + 2, len - 2);
	redzone_net_pump();
}

void net_play_records(const struct rz_input *in, net_packet_fn *packet, net_act_fn *act)
{
	struct rz_records records;
	const u8 *record;
	size_t len;

	rz_records_open(&records, in);
	while (rz_records_next(&records, &record, &len)) {
		if (len && len < ETH_HLEN && record[0] == NET_ACT)
			play_act(record, len, act);
		else
			packet(in, record, len);
	}
}
