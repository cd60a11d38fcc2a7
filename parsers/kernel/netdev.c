// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network environment: one namespace, its devices, addresses and routes.
 * All of it is static and costs a few stores per input. Names as Linux 6.1;
 * redzone/net.h describes the node.
 */
#include <asm/unaligned.h>
#include <linux/err.h>
#include <linux/if_ether.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <net/addrconf.h>
#include <net/calipso.h>
#include <net/ioam6.h>
#include <net/ip6_route.h>
#include <net/ip_tunnels.h>
#include <net/protocol.h>
#include <net/route.h>
#include <net/seg6.h>
#include <net/xfrm.h>
#include <redzone/crypto.h>
#include <redzone/kernel.h>
#include <redzone/net.h>
#include <redzone/sink.h>

enum {
	LOCAL_SEGMENTS = 8,
	NETDEV_MAX_BACKLOG = 64,	/* packets of one input, resubmitted ones included */
	MAX_PACKET_TYPES = 32,
	MAX_PERNET_OPS = 16,
};

static struct inet6_dev idevs[];
static struct in_device in_devs[];

#define DEVICE(name_, index_, flags_, mtu_, hlen_, type_, level_) {		\
	.name = (name_), .ifindex = (index_) + 1, .flags = IFF_UP | (flags_),	\
	.mtu = (mtu_), .hard_header_len = (hlen_), .type = (type_),		\
	.nested_level = (level_), .dev_addr = { 0x02, 0x00, 0x72, 0x65, 0x64, index_ }, \
	.num_tx_queues = 1, .ip_ptr = &in_devs[index_], .ip6_ptr = &idevs[index_], \
	.nd_net = &init_net,							\
}

enum {
	DEV_LO, DEV_ETH0, DEV_ETH1, DEV_ETH2, DEV_TUNNEL, DEV_PPP, DEV_VLAN,
	NR_DEVICES = DEV_VLAN + MAX_NEST_DEV,
};

static struct net_device devices[NR_DEVICES] = {
	[DEV_LO] = DEVICE("lo", DEV_LO, IFF_LOOPBACK, 65536, 14, ARPHRD_LOOPBACK, 0),
	[DEV_ETH0] = DEVICE("eth0", DEV_ETH0, 0, 1500, 14, ARPHRD_ETHER, 0),
	[DEV_ETH1] = DEVICE("eth1", DEV_ETH1, 0, 1500, 14, ARPHRD_ETHER, 0),
	[DEV_ETH2] = DEVICE("eth2", DEV_ETH2, 0, 1500, 14, ARPHRD_ETHER, 0),
	[DEV_TUNNEL] = DEVICE("tunl0", DEV_TUNNEL, 0, 1460, 0, ARPHRD_TUNNEL6, 0),
	[DEV_PPP] = DEVICE("ppp0", DEV_PPP, 0, 1492, 0, ARPHRD_PPP, 0),
	[DEV_VLAN + 0] = DEVICE("vlan1", DEV_VLAN + 0, 0, 1500, 14, ARPHRD_ETHER, 1),
	[DEV_VLAN + 1] = DEVICE("vlan2", DEV_VLAN + 1, 0, 1500, 14, ARPHRD_ETHER, 2),
	[DEV_VLAN + 2] = DEVICE("vlan3", DEV_VLAN + 2, 0, 1500, 14, ARPHRD_ETHER, 3),
	[DEV_VLAN + 3] = DEVICE("vlan4", DEV_VLAN + 3, 0, 1500, 14, ARPHRD_ETHER, 4),
	[DEV_VLAN + 4] = DEVICE("vlan5", DEV_VLAN + 4, 0, 1500, 14, ARPHRD_ETHER, 5),
	[DEV_VLAN + 5] = DEVICE("vlan6", DEV_VLAN + 5, 0, 1500, 14, ARPHRD_ETHER, 6),
	[DEV_VLAN + 6] = DEVICE("vlan7", DEV_VLAN + 6, 0, 1500, 14, ARPHRD_ETHER, 7),
	[DEV_VLAN + 7] = DEVICE("vlan8", DEV_VLAN + 7, 0, 1500, 14, ARPHRD_ETHER, 8),
};

static struct inet6_dev idevs[NR_DEVICES];
static struct in_device in_devs[NR_DEVICES];

struct net init_net = {
	.loopback_dev = &devices[DEV_LO],
	.ipv6.devconf_all = &idevs[DEV_LO].cnf,
};

static struct sk_buff_head backlog;
static struct packet_type *ptypes[MAX_PACKET_TYPES];
static struct pernet_operations *pernet_ops[MAX_PERNET_OPS];
static int nr_pernet_ops;

/* ---- Devices ---- */

void dev_add_pack(struct packet_type *pt)
{
	int i;

	for (i = 0; i < MAX_PACKET_TYPES; i++) {
		if (!ptypes[i] || ptypes[i]->type == pt->type) {
			ptypes[i] = pt;
			return;
		}
	}
	redzone_finding("bug", "more than %d packet types", MAX_PACKET_TYPES);
}

/* ---- Protocols ---- */

const struct net_protocol *inet_protos[MAX_INET_PROTOS];
const struct inet6_protocol *inet6_protos[MAX_INET_PROTOS];

int inet_add_protocol(const struct net_protocol *prot, unsigned char protocol)
{
	inet_protos[protocol] = prot;
	return 0;
}

int inet_del_protocol(const struct net_protocol *prot, unsigned char protocol)
{
	if (inet_protos[protocol] != prot)
		return -1;
	inet_protos[protocol] = NULL;
	return 0;
}

int inet6_add_protocol(const struct inet6_protocol *prot, unsigned char protocol)
{
	inet6_protos[protocol] = prot;
	return 0;
}

int inet6_del_protocol(const struct inet6_protocol *prot, unsigned char protocol)
{
	if (inet6_protos[protocol] != prot)
		return -1;
	inet6_protos[protocol] = NULL;
	return 0;
}

int register_pernet_subsys(struct pernet_operations *ops)
{
	int i;

	for (i = 0; i < nr_pernet_ops; i++)
		if (pernet_ops[i] == ops)
			return 0;
	if (nr_pernet_ops == MAX_PERNET_OPS)
		redzone_finding("bug", "more than %d layers with state", MAX_PERNET_OPS);
	pernet_ops[nr_pernet_ops++] = ops;
	return 0;
}

/* ---- The node's devices ---- */

struct net_device *dev_get_by_name(struct net *net, const char *name)
{
	int i;

	for (i = 0; i < NR_DEVICES; i++)
		if (!strcmp(devices[i].name, name))
			return &devices[i];
	return NULL;
}

struct net_device *dev_get_by_index(struct net *net, int ifindex)
{
	return ifindex > 0 && ifindex <= NR_DEVICES ? &devices[ifindex - 1] : NULL;
}

struct net_device *ip_dev_find(struct net *net, __be32 addr)
{
	int i;

	for (i = 0; i < NR_DEVICES; i++)
		if (in_devs[i].ifa_local == addr)
			return &devices[i];
	return NULL;
}

struct net_device *redzone_net_device(void)
{
	return &devices[DEV_ETH0];
}

struct net_device *redzone_tunnel_dev(void)
{
	return &devices[DEV_TUNNEL];
}

struct net_device *redzone_ppp_dev(void)
{
	return &devices[DEV_PPP];
}

struct net_device *dev_get_by_index_rcu(struct net *net, int ifindex)
{
	return ifindex > 0 && ifindex <= NR_DEVICES ? &devices[ifindex - 1] : NULL;
}

struct net_device *vlan_find_dev(struct net_device *real_dev, __be16 vlan_proto, u16 vlan_id)
{
	if (!vlan_id || real_dev->type != ARPHRD_ETHER ||
	    real_dev->nested_level >= MAX_NEST_DEV)
		return NULL;
	return &devices[DEV_VLAN + real_dev->nested_level];
}

int netif_receive_skb(struct sk_buff *skb)
{
	int i;

	skb_reset_network_header(skb);
	skb_reset_transport_header(skb);
	skb_reset_mac_len(skb);
	init_net.arrival_pending = !init_net.forward;

	for (i = 0; i < MAX_PACKET_TYPES && ptypes[i]; i++) {
		if (ptypes[i]->type == skb->protocol)
			return ptypes[i]->func(skb, skb->dev, ptypes[i], skb->dev);
	}
	kfree_skb_reason(skb, SKB_DROP_REASON_UNHANDLED_PROTO);
	return NET_RX_DROP;
}

int netif_rx(struct sk_buff *skb)
{
	if (++init_net.rx_packets > NETDEV_MAX_BACKLOG) {
		kfree_skb_reason(skb, SKB_DROP_REASON_CPU_BACKLOG);
		return NET_RX_DROP;
	}
	__skb_queue_tail(&backlog, skb);
	return NET_RX_SUCCESS;
}

/*
 * A frame that a local socket sent over the loopback device has the head room that
 * LL_RESERVED_SPACE() left, 16 bytes, less the link header.
 */
struct sk_buff *redzone_net_sent(struct sk_buff *skb)
{
	struct sk_buff *copy = skb_copy_expand(skb, 16 - ETH_HLEN, 0, GFP_ATOMIC);

	consume_skb(skb);
	return copy;
}

void redzone_net_pump(void)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&backlog)) != NULL)
		netif_receive_skb(skb);
}

void __skb_tunnel_rx(struct sk_buff *skb, struct net_device *dev, struct net *net)
{
	skb->dev = dev;
	skb_clear_hash(skb);
	skb->pkt_type = PACKET_HOST;
	skb->ignore_df = 0;
	skb_dst_drop(skb);
}

/* Every byte of a packet that leaves the node is an effect, and initialised. */
int dev_queue_xmit(struct sk_buff *skb)
{
	struct sink *sink = init_net.sink;
	u8 chunk[512];
	int off, n;

	sink_effect_u64(sink, "xmit.dev", skb->dev->ifindex);
	sink_effect_u64(sink, "xmit.len", skb->len);
	for (off = 0; off < (int)skb->len; off += n) {
		n = min((int)skb->len - off, (int)sizeof(chunk));
		if (skb_copy_bits(skb, off, chunk, n) < 0)
			break;
		sink_effect_bytes(sink, "xmit.data", chunk, n);
	}
	sink_verdict(sink, 0, 0);
	consume_skb(skb);
	return 0;
}

int dst_discard(struct sk_buff *skb)
{
	kfree_skb(skb);
	return 0;
}

/* ---- Addresses ---- */

static const u64 prefix_local = 0xfd7265647a6f6e65ULL;
static const u64 prefix_allfrag = 0xfd7265647a6f6e66ULL;
static const u64 prefix_discard = 0x0100000000000000ULL;

static bool in_prefix(const struct in6_addr *addr, u64 prefix)
{
	return get_unaligned_be64(addr->s6_addr) == prefix;
}

bool ipv6_chk_addr(struct net *net, const struct in6_addr *addr)
{
	if (in_prefix(addr, prefix_local) || ipv6_addr_loopback(addr))
		return true;
	return net->arrival_local && ipv6_addr_equal(addr, &net->arrival);
}

bool ipv6_chk_home_addr(struct net *net, const struct in6_addr *addr)
{
	return net->all_local || ipv6_chk_addr(net, addr);
}

/* Scope f is reserved: the groups that the node is no member of. */
bool ipv6_chk_mcast_addr(struct net_device *dev, const struct in6_addr *group)
{
	return IPV6_ADDR_MC_SCOPE(group) != 0xf;
}

/* ---- Routes ---- */

static struct dst_entry dst_local = { .dev = &devices[DEV_LO], .mtu = 65536 };
static struct dst_entry dst_mcast = { .dev = &devices[DEV_LO], .mtu = 65536 };
static struct dst_entry dst_null = { .dev = &devices[DEV_LO], .error = -ENETUNREACH };
static struct dst_entry dst_eth1 = { .dev = &devices[DEV_ETH1], .mtu = 1500 };
static struct dst_entry dst_eth2 = { .dev = &devices[DEV_ETH2], .mtu = 1500, .allfrag = true };

void redzone_route_register(const struct redzone_route_ops *ops)
{
	dst_local.input = ops->local_in;
	dst_mcast.input = ops->mc_in;
	dst_null.input = ops->unreachable;
	dst_eth1.input = ops->forward;
	dst_eth1.output = ops->output;
	dst_eth2.input = ops->forward;
	dst_eth2.output = ops->output;
}

static struct dst_entry *route_lookup(struct net *net, const struct in6_addr *daddr)
{
	if (ipv6_addr_is_multicast(daddr))
		return &dst_mcast;
	if (ipv6_chk_addr(net, daddr))
		return &dst_local;
	if (in_prefix(daddr, prefix_discard))
		return &dst_null;
	if (net->local_left) {
		net->local_left--;
		return &dst_local;
	}
	if (in_prefix(daddr, prefix_allfrag))
		return &dst_eth2;
	return &dst_eth1;
}

void ip6_route_input(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	const struct in6_addr *daddr = &ipv6_hdr(skb)->daddr;

	if (net->arrival_pending) {
		net->arrival = *daddr;
		net->arrival_local = true;
		net->arrival_pending = false;
	}
	skb_dst_drop(skb);
	skb_dst_set_noref(skb, route_lookup(net, daddr));
}

/* ---- IPv4 ---- */

#define RTABLE(type_, flags_, dev_, mtu_, gw_, error_) {			\
	.dst = { .dev = &devices[dev_], .mtu = (mtu_), .error = (error_) },	\
	.rt_type = (type_), .rt_flags = (flags_), .rt_is_input = 1,		\
	.rt_uses_gateway = (gw_) != 0, .rt_gw4 = cpu_to_be32(gw_),		\
}

enum { RT_LOCAL, RT_BROADCAST, RT_MULTICAST, RT_UNREACHABLE, RT_PROHIBIT, RT_LINK, RT_SMALL,
	RT_DEFAULT, NR_RTABLES };

static struct rtable rtables[NR_RTABLES] = {
	[RT_LOCAL] = RTABLE(RTN_LOCAL, RTCF_LOCAL, DEV_LO, 65535, 0, 0),
	[RT_BROADCAST] = RTABLE(RTN_BROADCAST, RTCF_BROADCAST | RTCF_LOCAL, DEV_LO, 65535, 0, 0),
	[RT_MULTICAST] = RTABLE(RTN_MULTICAST, RTCF_MULTICAST | RTCF_LOCAL, DEV_LO, 65535, 0, 0),
	[RT_UNREACHABLE] = RTABLE(RTN_UNREACHABLE, 0, DEV_LO, 65535, 0, EHOSTUNREACH),
	[RT_PROHIBIT] = RTABLE(RTN_PROHIBIT, 0, DEV_LO, 65535, 0, EACCES),
	[RT_LINK] = RTABLE(RTN_UNICAST, 0, DEV_ETH0, 1500, 0, 0),
	[RT_SMALL] = RTABLE(RTN_UNICAST, 0, DEV_ETH2, 576, 0, 0),
	[RT_DEFAULT] = RTABLE(RTN_UNICAST, 0, DEV_ETH1, 1500, 0xc00002feU, 0),
};

void redzone_route4_register(const struct redzone_route4_ops *ops)
{
	int i;

	for (i = 0; i < NR_RTABLES; i++) {
		struct dst_entry *dst = &rtables[i].dst;

		dst->output = ops->output;
		if (rtables[i].rt_flags & RTCF_LOCAL)
			dst->input = ops->local_in;
		else
			dst->input = dst->error ? ops->error : ops->forward;
	}
}

static bool in_net4(__be32 addr, u32 net, unsigned int bits)
{
	return !((be32_to_cpu(addr) ^ net) >> (32 - bits));
}

static bool is_our_addr4(struct net *net, __be32 addr)
{
	return addr == cpu_to_be32(0xc0000202U) || ipv4_is_loopback(addr) ||
	       (net->arrival4_local && addr == net->arrival4);
}

struct rtable *redzone_fib_lookup(struct net *net, __be32 daddr)
{
	if (ipv4_is_multicast(daddr))
		return &rtables[RT_MULTICAST];
	if (ipv4_is_lbcast(daddr) || daddr == cpu_to_be32(0xc00002ffU))
		return &rtables[RT_BROADCAST];
	if (is_our_addr4(net, daddr))
		return &rtables[RT_LOCAL];
	if (in_net4(daddr, 0xc0000200U, 24))
		return &rtables[RT_LINK];
	if (in_net4(daddr, 0xc6336400U, 24))
		return &rtables[RT_UNREACHABLE];
	if (in_net4(daddr, 0xcb007100U, 24))
		return &rtables[RT_PROHIBIT];
	if (in_net4(daddr, 0xc6120000U, 15))
		return &rtables[RT_SMALL];
	return &rtables[RT_DEFAULT];
}

void redzone_route4_arrived(struct net *net, __be32 daddr)
{
	if (!net->arrival_pending)
		return;
	net->arrival4 = daddr;
	net->arrival4_local = true;
	net->arrival_pending = false;
}

unsigned int inet_addr_type(struct net *net, __be32 addr)
{
	if (ipv4_is_zeronet(addr) || ipv4_is_lbcast(addr))
		return RTN_BROADCAST;
	return redzone_fib_lookup(net, addr)->rt_type;
}

__be32 fib_compute_spec_dst(struct sk_buff *skb)
{
	struct rtable *rt = skb_rtable(skb);
	const u8 *daddr = skb_network_header(skb) + 16;

	if ((rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST | RTCF_LOCAL)) == RTCF_LOCAL)
		return get_unaligned((const __be32 *)daddr);
	return skb->dev->ip_ptr->ifa_local;
}

struct rtable *ip_route_output(struct net *net, __be32 daddr, __be32 saddr, u8 tos, int oif)
{
	struct rtable *rt = redzone_fib_lookup(net, daddr);

	return rt->dst.error ? ERR_PTR(-rt->dst.error) : rt;
}

/* ---- IOAM, CALIPSO, IPsec, segment routing: what is configured ---- */

static struct ioam6_schema schema = { .id = 1 };
static struct ioam6_namespace namespaces[] = {
	{ .schema = &schema, .id = cpu_to_be16(0),
	  .data = cpu_to_be32(0x01020304), .data_wide = cpu_to_be64(0x0102030405060708) },
	{ .schema = &schema, .id = cpu_to_be16(123),
	  .data = cpu_to_be32(0x11121314), .data_wide = cpu_to_be64(0x1112131415161718) },
};

struct ioam6_namespace *ioam6_namespace(struct net *net, __be16 id)
{
	if (id == namespaces[0].id)
		return &namespaces[0];
	return id == namespaces[1].id ? &namespaces[1] : NULL;
}

bool calipso_doi_search(u32 doi)
{
	return doi == 1 || doi == 2;
}

static struct xfrm_state ah_state = {
	.mode = XFRM_MODE_TRANSPORT,
	.data = { .icv_full_len = 20, .icv_trunc_len = 12 },
	.key = "redzone-ah-hmac-sha",
};

/* 0 and the reserved SPIs have no state (RFC 4302 2.4). */
struct xfrm_state *xfrm_state_lookup(struct sk_buff *skb, __be32 spi, u8 proto)
{
	return be32_to_cpu(spi) ? &ah_state : NULL;
}

void xfrm_ah_digest(const struct xfrm_state *x, const void *data, unsigned int len, u8 *icv)
{
	redzone_hmac("hmac(sha1)", x->key, sizeof(x->key), data, len, icv);
}

int xfrm6_input_addr(struct sk_buff *skb, const struct in6_addr *daddr,
		     const struct in6_addr *saddr, u8 proto)
{
	return in_prefix(saddr, prefix_discard) || in_prefix(daddr, prefix_discard) ?
	       -ESRCH : 0;
}

static const struct seg6_hmac_info hmac_infos[] = {
	{ .hmackeyid = 1, .secret = "redzone-sha1", .slen = 12,
	  .alg_id = SEG6_HMAC_ALGO_SHA1 },
	{ .hmackeyid = 2, .secret = "redzone-sha256", .slen = 14,
	  .alg_id = SEG6_HMAC_ALGO_SHA256 },
};

const struct seg6_hmac_info *seg6_hmac_info_lookup(struct net *net, u32 key)
{
	return key == 1 || key == 2 ? &hmac_infos[key - 1] : NULL;
}

int seg6_do_hmac(const struct seg6_hmac_info *hinfo, const void *text, int plen, u8 *output)
{
	const char *alg = hinfo->alg_id == SEG6_HMAC_ALGO_SHA1 ? "hmac(sha1)" : "hmac(sha256)";
	int ret;

	memset(output, 0, SEG6_HMAC_FIELD_LEN);
	ret = redzone_hmac(alg, hinfo->secret, hinfo->slen, text, plen, output);
	return ret < 0 ? ret : 0;
}

/* ---- One input ---- */

static void net_skb_dropped(struct sk_buff *skb, enum skb_drop_reason reason)
{
	sink_verdict(init_net.sink, -EINVAL, reason);
}

static void net_setup(void)
{
	int i;

	for (i = 0; i < NR_DEVICES; i++) {
		in_devs[i].dev = &devices[i];
		in_devs[i].cnf.forwarding = 1;
		in_devs[i].cnf.send_redirects = 1;
		in_devs[i].cnf.shared_media = 1;
		in_devs[i].ifa_local = cpu_to_be32(i == DEV_LO ? 0x7f000001U :
						   0xc0000202U + ((u32)(i - 1) << 8));
		in_devs[i].ifa_mask = cpu_to_be32(i == DEV_LO ? 0xff000000U : 0xffffff00U);
		in_devs[i].ifa_broadcast = in_devs[i].ifa_local | ~in_devs[i].ifa_mask;
		idevs[i].dev = &devices[i];
		idevs[i].cnf.seg6_enabled = 1;
		idevs[i].cnf.rpl_seg_enabled = 1;
		idevs[i].cnf.ioam6_enabled = 1;
		idevs[i].cnf.ioam6_id = i + 1;
		idevs[i].cnf.ioam6_id_wide = 0x10000u * (i + 1);
	}
	for (i = 0; i < IOAM6_SCHEMA_MAX; i++)
		schema.data[i] = (u8)i;
	init_net.ipv4.sysctl_igmp_max_memberships = 20;
	init_net.ipv4.sysctl_igmp_max_msf = 10;
	init_net.ipv4.sysctl_igmp_qrv = 2;
	init_net.ipv6.sysctl.ioam6_id = 0x726564;
	init_net.ipv6.sysctl.ioam6_id_wide = 0x7265647a6f6e65;
	skb_queue_head_init(&backlog);
}

/* REDZONE_NET_STRICT: few and short options, no unknown ones, HMACs required, no source routes. */
static void net_configure(bool strict)
{
	struct netns_sysctl_ipv6 *sysctl = &init_net.ipv6.sysctl;
	int i;

	sysctl->max_hbh_opts_cnt = strict ? -2 : IP6_DEFAULT_MAX_HBH_OPTS_CNT;
	sysctl->max_dst_opts_cnt = strict ? -2 : IP6_DEFAULT_MAX_DST_OPTS_CNT;
	sysctl->max_hbh_opts_len = strict ? 64 : IP6_DEFAULT_MAX_HBH_OPTS_LEN;
	sysctl->max_dst_opts_len = strict ? 64 : IP6_DEFAULT_MAX_DST_OPTS_LEN;
	sysctl->ip6frag_high_thresh = strict ? 8192 : 4 * 1024 * 1024;
	init_net.ipv4.sysctl_ipfrag_high_thresh = strict ? 8192 : 4 * 1024 * 1024;
	init_net.ipv4.sysctl_ipfrag_max_dist = strict ? 2 : 64;
	init_net.ipv4.sysctl_icmp_echo_ignore_all = 0;
	init_net.ipv4.sysctl_icmp_echo_enable_probe = !strict;
	init_net.ipv4.sysctl_icmp_echo_ignore_broadcasts = strict;
	init_net.ipv4.sysctl_icmp_ignore_bogus_error_responses = strict;
	init_net.ipv4.sysctl_icmp_errors_use_inbound_ifaddr = strict;
	init_net.ipv4.sysctl_ip_no_pmtu_disc = strict ? 3 : 0;
	init_net.ipv4.sysctl_igmp_llm_reports = !strict;
	for (i = 0; i < NR_DEVICES; i++) {
		in_devs[i].cnf.accept_source_route = !strict;
		in_devs[i].cnf.accept_redirects = 1;
		in_devs[i].cnf.secure_redirects = strict;
		in_devs[i].cnf.drop_unicast_in_l2_multicast = strict;
		in_devs[i].cnf.drop_gratuitous_arp = strict;
		in_devs[i].cnf.arp_accept = !strict;
		in_devs[i].cnf.proxy_arp = !strict;
		idevs[i].cnf.drop_unicast_in_l2_multicast = strict;
		idevs[i].cnf.seg6_require_hmac = strict;
		idevs[i].cnf.accept_source_route = strict ? -1 : 0;
	}
}

/**
 * redzone_net_begin - the node as it is before an input
 * @env: REDZONE_NET_* bits
 * @sink: where decoded values, verdicts and effects go
 */
void redzone_net_begin(u8 env, struct sink *sink)
{
	static int configured = -1;
	bool strict = env & REDZONE_NET_STRICT;
	int i;

	if (configured < 0)
		net_setup();
	if (configured != strict) {
		net_configure(strict);
		configured = strict;
	}
	redzone_skb_dropped = net_skb_dropped;
	schema.len = env & REDZONE_NET_BIG_SCHEMA ? IOAM6_SCHEMA_MAX : 24;
	schema.hdr = cpu_to_be32((u32)(schema.len / 4) << 24 | schema.id);
	init_net.sink = sink;
	init_net.forward = env & REDZONE_NET_FORWARD;
	init_net.all_local = env & REDZONE_NET_ALL_LOCAL;
	init_net.local_left = init_net.all_local ? LOCAL_SEGMENTS : 0;
	init_net.arrival_local = false;
	init_net.arrival_pending = false;
	init_net.arrival4_local = false;
	init_net.rx_packets = 0;
	for (i = 0; i < nr_pernet_ops; i++)
		pernet_ops[i]->init(&init_net);
}

void redzone_net_end(void)
{
	int i;

	redzone_net_pump();
	for (i = nr_pernet_ops - 1; i >= 0; i--)
		pernet_ops[i]->exit(&init_net);
}
