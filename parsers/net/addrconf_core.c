// SPDX-License-Identifier: GPL-2.0-only
/*
 * What kind of address it is, and whether a list of addresses loops.
 *
 * Modelled on: Linux 6.1 net/ipv6/addrconf_core.c (__ipv6_addr_type),
 *	net/ipv6/addrconf.c (ipv6_chk_rpl_srh_loop)
 * Spec: RFC 4291 2.4, RFC 4193 3.1, RFC 6554 4.2
 * Differs: scopes are left out; our addresses are a rule, not a hash.
 */
#include <net/addrconf.h>
#include <redzone/guard.h>

int __ipv6_addr_type(const struct in6_addr *addr)
{
	u32 st = be32_to_cpu(addr->s6_addr32[0]);

	if ((st >> 29) != 0 && (st >> 29) != 7)
		return IPV6_ADDR_UNICAST;
	if ((st >> 24) == 0xff)
		return IPV6_ADDR_MULTICAST;
	if ((st >> 22) == 0xfe800000u >> 22)
		return IPV6_ADDR_LINKLOCAL | IPV6_ADDR_UNICAST;
	if ((st >> 22) == 0xfec00000u >> 22)
		return IPV6_ADDR_SITELOCAL | IPV6_ADDR_UNICAST;
	if (addr->s6_addr32[0] || addr->s6_addr32[1])
		return IPV6_ADDR_UNICAST;
	if (addr->s6_addr32[2] == 0) {
		if (addr->s6_addr32[3] == 0)
			return IPV6_ADDR_ANY;
		if (addr->s6_addr32[3] == htonl(1))
			return IPV6_ADDR_LOOPBACK | IPV6_ADDR_UNICAST;
		return IPV6_ADDR_COMPATv4 | IPV6_ADDR_UNICAST;
	}
	if (addr->s6_addr32[2] == htonl(0xffff))
		return IPV6_ADDR_MAPPED;
	return IPV6_ADDR_UNICAST;
}

/* RFC 6554 4.2: our addresses may not alternate with others'. */
int ipv6_chk_rpl_srh_loop(struct net *net, const struct in6_addr *segs,
			  unsigned char nsegs)
{
	bool separated = false;
	int i, found = 0;

	for (i = 0; i < nsegs; i++) {
		if (!ipv6_chk_addr(net, &segs[i])) {
			separated = true;
			continue;
		}
		if (malformed(found > 1 && separated))
			return 1;
		separated = false;
		found++;
	}
	return 0;
}
