// SPDX-License-Identifier: GPL-2.0-only
/*
 * BNEP control messages: setup, filters for protocols and for multicast addresses.
 *
 * Modelled on: Linux 6.1 net/bluetooth/bnep/core.c (bnep_rx_control,
 *	bnep_rx_control_cmd, bnep_ctrl_set_netfilter, bnep_ctrl_set_mcfilter,
 *	bnep_send_rsp), with both filters configured in
 * Spec: BNEP 1.0 2.6
 * Differs: a setup request may have to wait for the user (bnep_setup.c).
 */
#include <asm/byteorder.h>
#include <asm/unaligned.h>
#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "bnep.h"

void bnep_send_rsp(struct bnep_session *s, u8 ctrl, u16 resp)
{
	struct bnep_control_rsp rsp = {
		.type = BNEP_CONTROL, .ctrl = ctrl, .resp = htons(resp),
	};

	bnep_send(s, &rsp, sizeof(rsp));
}

/* IPv4 to ARP, RARP to AppleTalk, IPX to IPv6 */
void bnep_set_default_proto_filter(struct bnep_session *s)
{
	s->proto_filter[0] = (struct bnep_proto_filter){ 0x0800, 0x0806 };
	s->proto_filter[1] = (struct bnep_proto_filter){ 0x8035, 0x80f3 };
	s->proto_filter[2] = (struct bnep_proto_filter){ 0x8137, 0x86dd };
}

/* Which protocols the peer wants to receive: ranges of types. */
static int bnep_ctrl_set_netfilter(struct bnep_session *s, u8 *data, int len)
{
	struct bnep_proto_filter *f = s->proto_filter;
	int i, n;

	if (malformed(len < 2))
		return -EILSEQ;

	n = get_unaligned_be16(data);
	data += 2;
	len -= 2;
	sink_u64(s->sink, "btbnep.list_length", (u64)n);

	if (malformed(len < n))
		return -EILSEQ;

	n /= 4;
	if (malformed(n > BNEP_MAX_PROTO_FILTERS)) {
		bnep_send_rsp(s, BNEP_FILTER_NET_TYPE_RSP, BNEP_FILTER_LIMIT_REACHED);
		return 0;
	}

	for (i = 0; i < n; i++) {
		f[i].start = get_unaligned_be16(data);
		f[i].end = get_unaligned_be16(data + 2);
		data += 4;
		sink_u64(s->sink, "btbnep.network_type_start", f[i].start);
		sink_u64(s->sink, "btbnep.network_type_end", f[i].end);
	}

	/* the end of the list, if it does not fill the array */
	if (i < BNEP_MAX_PROTO_FILTERS)
		memset(f + i, 0, sizeof(*f));

	if (n == 0)
		bnep_set_default_proto_filter(s);

	bnep_send_rsp(s, BNEP_FILTER_NET_TYPE_RSP, BNEP_SUCCESS);
	return 0;
}

static void bnep_mc_filter_set(struct bnep_session *s, const u8 *addr)
{
	s->mc_filter |= 1ULL << bnep_mc_hash(addr);
}

/* All addresses from @a1 to @a2, or until every bit is set. */
static void bnep_mc_filter_range(struct bnep_session *s, const u8 *data)
{
	u8 a1[ETH_ALEN];
	int i;

	memcpy(a1, data, ETH_ALEN);
	sink_bytes(s->sink, "btbnep.multicast_address_start", data, ETH_ALEN);
	data += ETH_ALEN;
	sink_bytes(s->sink, "btbnep.multicast_address_end", data, ETH_ALEN);

	bnep_mc_filter_set(s, a1);
	while (memcmp(a1, data, ETH_ALEN) < 0) {
		if (malformed(s->mc_filter == ~0ULL))
			break;
		i = ETH_ALEN;
		do {
			i--;
			a1[i] = (u8)(a1[i] + 1);
		} while (i > 0 && a1[i] == 0);
		bnep_mc_filter_set(s, a1);
	}
}

/* Which multicast addresses the peer wants to receive: ranges of addresses. */
static int bnep_ctrl_set_mcfilter(struct bnep_session *s, u8 *data, int len)
{
	static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	int n;

	if (malformed(len < 2))
		return -EILSEQ;

	n = get_unaligned_be16(data);
	data += 2;
	len -= 2;
	sink_u64(s->sink, "btbnep.list_length", (u64)n);

	if (malformed(len < n))
		return -EILSEQ;

	n /= ETH_ALEN * 2;
	if (n > 0) {
		s->mc_filter = 0;
		bnep_mc_filter_set(s, broadcast);
		for (; n > 0; n--) {
			bnep_mc_filter_range(s, data);
			data += ETH_ALEN * 2;
		}
	}

	bnep_send_rsp(s, BNEP_FILTER_MULTI_ADDR_RSP, BNEP_SUCCESS);
	return 0;
}

/* One control message; @data and @len: what follows its type. */
int bnep_rx_control_cmd(struct bnep_session *s, u8 cmd, u8 *data, int len)
{
	u8 pkt[3];

	sink_u64(s->sink, "btbnep.control_type", cmd);

	switch (cmd) {
	case BNEP_CMD_NOT_UNDERSTOOD:
	case BNEP_SETUP_CONN_RSP:
	case BNEP_FILTER_NET_TYPE_RSP:
	case BNEP_FILTER_MULTI_ADDR_RSP:
		return 0;

	case BNEP_FILTER_NET_TYPE_SET:
		return bnep_ctrl_set_netfilter(s, data, len);

	case BNEP_FILTER_MULTI_ADDR_SET:
		return bnep_ctrl_set_mcfilter(s, data, len);

	case BNEP_SETUP_CONN_REQ:
		if (bnep_setup_waits(s))
			return 0;
		/* it succeeds at most once */
		if (test_bit(BNEP_SETUP_RESPONSE, &s->flags) &&
		    !malformed(test_and_set_bit(BNEP_SETUP_RSP_SENT, &s->flags)))
			bnep_send_rsp(s, BNEP_SETUP_CONN_RSP, BNEP_SUCCESS);
		else
			bnep_send_rsp(s, BNEP_SETUP_CONN_RSP, BNEP_CONN_NOT_ALLOWED);
		return 0;
	}

	pkt[0] = BNEP_CONTROL;
	pkt[1] = BNEP_CMD_NOT_UNDERSTOOD;
	pkt[2] = cmd;
	bnep_send(s, pkt, sizeof(pkt));
	return 0;
}

int bnep_rx_control(struct bnep_session *s, u8 *data, int len)
{
	if (malformed(len < 1))
		return -EILSEQ;

	return bnep_rx_control_cmd(s, *data, data + 1, len - 1);
}
