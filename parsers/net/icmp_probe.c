// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended echo (PROBE): which interface is asked about, and how it is.
 *
 * Modelled on: Linux 6.1 net/ipv4/icmp.c (icmp_build_probe)
 * Spec: RFC 8335 2 and 4
 * Differs: each kind of name is a function of its own, with the same order of checks.
 */
#include <linux/inetdevice.h>
#include <linux/string.h>
#include <net/addrconf.h>
#include <net/ip.h>

#include "icmp_priv.h"
#include "rx.h"

enum { IFNAMSIZ = 16 };

/* RFC 8335 2.1 */
struct icmp_ext_echo_iio {
	struct icmp_extobj_hdr extobj_hdr;
	union {
		char name[IFNAMSIZ];
		__be32 ifindex;
		struct {
			struct icmp_ext_echo_ctype3_hdr ctype3_hdr;
			union {
				__be32 ipv4_addr;
				struct in6_addr ipv6_addr;
			} ip_addr;
		} addr;
	} ident;
};

static void probe_decode(const struct sk_buff *skb, const struct icmp_ext_hdr *ext_hdr,
			 const struct icmp_ext_echo_iio *iio)
{
	rx_u64(skb, "icmp.ext.version", ext_hdr->version);
	rx_u64(skb, "icmp.ext.checksum", ntohs(ext_hdr->checksum));
	rx_u64(skb, "icmp.ext.length", ntohs(iio->extobj_hdr.length));
	rx_u64(skb, "icmp.ext.class", iio->extobj_hdr.class_num);
	rx_u64(skb, "icmp.ext.ctype", iio->extobj_hdr.class_type);
}

/* The identification object, as far as its length says; NULL: malformed. */
static struct icmp_ext_echo_iio *probe_object(struct sk_buff *skb,
					      struct icmp_ext_echo_iio *_iio,
					      u16 *ident_len)
{
	struct icmp_ext_hdr *ext_hdr, _ext_hdr;
	struct icmp_ext_echo_iio *iio;
	u16 length;

	ext_hdr = skb_header_pointer(skb, 0, sizeof(_ext_hdr), &_ext_hdr);
	if (malformed(!ext_hdr))
		return NULL;
	iio = skb_header_pointer(skb, sizeof(_ext_hdr), sizeof(iio->extobj_hdr), _iio);
	if (malformed(!iio))
		return NULL;
	probe_decode(skb, ext_hdr, iio);

	length = ntohs(iio->extobj_hdr.length);
	if (malformed(length <= sizeof(iio->extobj_hdr)))
		return NULL;
	if (malformed(length > sizeof(*_iio)))
		return NULL;
	*ident_len = length - sizeof(iio->extobj_hdr);
	iio = skb_header_pointer(skb, sizeof(_ext_hdr), length, _iio);
	if (malformed(!iio))
		return NULL;
	return iio;
}

/* By address; false: malformed. */
static bool probe_by_addr(struct net *net, const struct icmp_ext_echo_iio *iio, u16 ident_len,
			  struct net_device **dev)
{
	const struct icmp_ext_echo_ctype3_hdr *ctype3 = &iio->ident.addr.ctype3_hdr;

	if (malformed(ident_len < sizeof(*ctype3)))
		return false;
	if (malformed(ident_len != sizeof(*ctype3) + ctype3->addrlen))
		return false;
	if (malformed(ctype3->afi != htons(ICMP_AFI_IP) && ctype3->afi != htons(ICMP_AFI_IP6)))
		return false;
	if (ctype3->afi == htons(ICMP_AFI_IP)) {
		if (malformed(ctype3->addrlen != sizeof(__be32)))
			return false;
		*dev = ip_dev_find(net, iio->ident.addr.ip_addr.ipv4_addr);
		return true;
	}
	if (malformed(ctype3->addrlen != sizeof(struct in6_addr)))
		return false;
	if (ipv6_chk_addr(net, &iio->ident.addr.ip_addr.ipv6_addr))
		*dev = net->loopback_dev;
	return true;
}

/* The device that is asked about, NULL if there is none; false: malformed. */
static bool probe_device(struct net *net, const struct icmp_ext_echo_iio *iio, u16 ident_len,
			 struct net_device **dev)
{
	u8 ctype = iio->extobj_hdr.class_type;
	char buff[IFNAMSIZ];

	*dev = NULL;
	if (malformed(ctype < ICMP_EXT_ECHO_CTYPE_NAME || ctype > ICMP_EXT_ECHO_CTYPE_ADDR))
		return false;
	switch (ctype) {
	case ICMP_EXT_ECHO_CTYPE_NAME:
		if (malformed(ident_len >= IFNAMSIZ))
			return false;
		memset(buff, 0, sizeof(buff));
		memcpy(buff, &iio->ident.name, ident_len);
		*dev = dev_get_by_name(net, buff);
		return true;
	case ICMP_EXT_ECHO_CTYPE_INDEX:
		if (malformed(ident_len != sizeof(iio->ident.ifindex)))
			return false;
		*dev = dev_get_by_index(net, ntohl(iio->ident.ifindex));
		return true;
	case ICMP_EXT_ECHO_CTYPE_ADDR:
		return probe_by_addr(net, iio, ident_len, dev);
	}
	return true;
}

bool icmp_build_probe(struct sk_buff *skb, struct icmphdr *icmphdr)
{
	struct icmp_ext_echo_iio *iio, _iio;
	struct net *net = dev_net(skb->dev);
	struct net_device *dev;
	u16 ident_len;

	if (!net->ipv4.sysctl_icmp_echo_enable_probe)
		return false;
	/* the L bit: about an interface of this node */
	if (malformed(!(ntohs(icmphdr->un.echo.sequence) & 1)))
		return false;

	icmphdr->un.echo.sequence &= htons(0xFF00);
	icmphdr->type = ICMP_EXT_ECHOREPLY;
	iio = probe_object(skb, &_iio, &ident_len);
	if (!iio || !probe_device(net, iio, ident_len, &dev)) {
		icmphdr->code = ICMP_EXT_CODE_MAL_QUERY;
		return true;
	}
	if (!dev) {
		icmphdr->code = ICMP_EXT_CODE_NO_IF;
		return true;
	}
	icmphdr->un.echo.sequence |= htons((dev->flags & IFF_UP ? ICMP_EXT_ECHOREPLY_ACTIVE : 0) |
					   ICMP_EXT_ECHOREPLY_IPV4 | ICMP_EXT_ECHOREPLY_IPV6);
	return true;
}
