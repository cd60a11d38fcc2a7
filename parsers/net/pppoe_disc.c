// SPDX-License-Identifier: GPL-2.0-only
/*
 * PPPoE discovery, as a client: offers and confirmations, and the tags they carry.
 *
 * Modelled on: lwIP 2.1 src/netif/ppp/pppoe.c (pppoe_disc_input, pppoe_send_padi,
 *	pppoe_send_padr, pppoe_timeout, pppoe_find_softc_by_hunique); Linux 6.1
 *	drivers/net/ppp/pppoe.c (pppoe_disc_rcv)
 * Spec: RFC 2516 5 and appendix A
 * Differs: one session, asked for when the first discovery frame of an input comes; its
 *	Host-Uniq is four fixed bytes; what lwIP reads from a copied pbuf is pulled.
 */
#include <linux/etherdevice.h>
#include <linux/if_pppox.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "link.h"
#include "rx.h"

enum {
	PPPOE_VERTYPE = 0x11,

	PPPOE_CODE_PADI = 0x09,
	PPPOE_CODE_PADO = 0x07,
	PPPOE_CODE_PADR = 0x19,
	PPPOE_CODE_PADS = 0x65,
	PPPOE_CODE_PADT = 0xa7,

	PPPOE_TAG_EOL = 0x0000,
	PPPOE_TAG_SNAME = 0x0101,
	PPPOE_TAG_ACNAME = 0x0102,
	PPPOE_TAG_HUNIQUE = 0x0103,
	PPPOE_TAG_ACCOOKIE = 0x0104,
	PPPOE_TAG_SNAME_ERR = 0x0201,
	PPPOE_TAG_ACSYS_ERR = 0x0202,
	PPPOE_TAG_GENERIC_ERR = 0x0203,

	PPPOE_MAX_AC_COOKIE_LEN = 64,
	PPPOE_DISC_TIMEOUT = 5 * HZ,
	PPPOE_DISC_MAXPADI = 4,
};

struct pppoetag {
	__be16 tag;
	__be16 len;
} __attribute__((packed));

enum pppoe_state {
	PPPOE_STATE_INITIAL,
	PPPOE_STATE_PADI_SENT,
	PPPOE_STATE_PADR_SENT,
	PPPOE_STATE_SESSION,
};

struct pppoe_softc {
	struct net_device *sc_dev;
	struct timer_list sc_timer;
	int sc_padi_retried;
	int sc_padr_retried;
	u16 sc_session;
	u8 sc_state;
	u8 sc_dest[ETH_ALEN];
	size_t sc_ac_cookie_len;
	u8 sc_ac_cookie[PPPOE_MAX_AC_COOKIE_LEN];
};

static const u8 hunique[4] = { 'r', 'z', '0', '1' };
static struct pppoe_softc *session;

/*
 * What the client sends
 */

static void add_tag(struct sk_buff *skb, u16 tag, const void *data, size_t len)
{
	struct pppoetag *pt = skb_put(skb, sizeof(*pt));

	pt->tag = htons(tag);
	pt->len = htons(len);
	if (len)
		skb_put_data(skb, data, len);
}

static void pppoe_send(struct pppoe_softc *sc, u8 code)
{
	size_t len = 2 * sizeof(struct pppoetag) + sizeof(hunique);
	int hlen = LL_RESERVED_SPACE(sc->sc_dev);
	struct pppoe_hdr *ph;
	struct sk_buff *skb;

	if (code == PPPOE_CODE_PADR && sc->sc_ac_cookie_len)
		len += sizeof(struct pppoetag) + sc->sc_ac_cookie_len;
	skb = alloc_skb(hlen + sizeof(*ph) + len, GFP_ATOMIC);
	if (!skb)
		return;
	skb->dev = sc->sc_dev;
	skb->protocol = htons(ETH_P_PPP_DISC);
	skb_reserve(skb, hlen);
	skb_reset_network_header(skb);
	ph = skb_put(skb, sizeof(*ph));
	ph->ver = 1;
	ph->type = 1;
	ph->code = code;
	ph->sid = 0;
	ph->length = htons(len);
	add_tag(skb, PPPOE_TAG_SNAME, NULL, 0);
	if (code == PPPOE_CODE_PADR && sc->sc_ac_cookie_len)
		add_tag(skb, PPPOE_TAG_ACCOOKIE, sc->sc_ac_cookie, sc->sc_ac_cookie_len);
	add_tag(skb, PPPOE_TAG_HUNIQUE, hunique, sizeof(hunique));
	dev_queue_xmit(skb);
}

static void pppoe_down(struct pppoe_softc *sc)
{
	sc->sc_state = PPPOE_STATE_INITIAL;
	sc->sc_session = 0;
	sc->sc_ac_cookie_len = 0;
	del_timer(&sc->sc_timer);
}

static void pppoe_timeout(struct timer_list *t)
{
	struct pppoe_softc *sc = from_timer(sc, t, sc_timer);

	switch (sc->sc_state) {
	case PPPOE_STATE_PADI_SENT:
		if (++sc->sc_padi_retried >= PPPOE_DISC_MAXPADI) {
			pppoe_down(sc);
			return;
		}
		pppoe_send(sc, PPPOE_CODE_PADI);
		mod_timer(&sc->sc_timer, jiffies + PPPOE_DISC_TIMEOUT *
			  (unsigned long)(sc->sc_padi_retried + 1));
		break;
	case PPPOE_STATE_PADR_SENT:
		if (++sc->sc_padr_retried >= PPPOE_DISC_MAXPADI) {
			pppoe_down(sc);
			return;
		}
		pppoe_send(sc, PPPOE_CODE_PADR);
		mod_timer(&sc->sc_timer, jiffies + PPPOE_DISC_TIMEOUT *
			  (unsigned long)(sc->sc_padr_retried + 1));
		break;
	}
}

static struct pppoe_softc *pppoe_connect(struct net_device *dev)
{
	struct pppoe_softc *sc;

	if (session)
		return session;
	sc = kzalloc(sizeof(*sc), GFP_ATOMIC);
	if (!sc)
		return NULL;
	sc->sc_dev = dev;
	sc->sc_state = PPPOE_STATE_PADI_SENT;
	timer_setup(&sc->sc_timer, pppoe_timeout, 0);
	session = sc;
	pppoe_send(sc, PPPOE_CODE_PADI);
	mod_timer(&sc->sc_timer, jiffies + PPPOE_DISC_TIMEOUT);
	return sc;
}

/*
 * What it receives
 */

/* The tags of one frame that matter to the client. */
struct disc {
	struct pppoe_softc *sc;		/* whose Host-Uniq came back */
	const u8 *ac_cookie;
	size_t ac_cookie_len;
	bool failed;
};

static const char *tag_name(u16 tag)
{
	switch (tag) {
	case PPPOE_TAG_SNAME:
		return "pppoed.tags.service_name";
	case PPPOE_TAG_ACNAME:
		return "pppoed.tags.ac_name";
	case PPPOE_TAG_HUNIQUE:
		return "pppoed.tags.host_uniq";
	case PPPOE_TAG_ACCOOKIE:
		return "pppoed.tags.ac_cookie";
	case PPPOE_TAG_SNAME_ERR:
		return "pppoed.tags.service_name_error";
	case PPPOE_TAG_ACSYS_ERR:
		return "pppoed.tags.ac_system_error";
	case PPPOE_TAG_GENERIC_ERR:
		return "pppoed.tags.generic_error";
	default:
		return "pppoed.tag.unknown_data";
	}
}

/* false: the frame is of no use. */
static bool pppoe_take_tag(struct disc *disc, const struct sk_buff *skb, u16 tag, const u8 *data,
			   size_t len)
{
	rx_bytes(skb, tag_name(tag), data, len);
	switch (tag) {
	case PPPOE_TAG_HUNIQUE:
		if (malformed(len != sizeof(hunique)))
			return true;
		if (!malformed(memcmp(data, hunique, sizeof(hunique))))
			disc->sc = session;
		return true;
	case PPPOE_TAG_ACCOOKIE:
		if (malformed(disc->ac_cookie))
			return true;
		if (malformed_in(LWIP_B438A0D6FD00, len > PPPOE_MAX_AC_COOKIE_LEN))
			return false;
		disc->ac_cookie = data;
		disc->ac_cookie_len = len;
		return true;
	case PPPOE_TAG_SNAME_ERR:
	case PPPOE_TAG_ACSYS_ERR:
	case PPPOE_TAG_GENERIC_ERR:
		disc->failed = true;
		return true;
	}
	return true;
}

static bool pppoe_take_tags(struct disc *disc, const struct sk_buff *skb, const u8 *pos,
			    size_t plen)
{
	const struct pppoetag *pt;
	size_t off = 0, len;
	u16 tag;

	while (off < plen) {
		if (malformed(plen - off < sizeof(*pt)))
			return false;
		pt = (const struct pppoetag *)(pos + off);
		tag = ntohs(pt->tag);
		len = ntohs(pt->len);
		rx_u64(skb, "pppoed.tag", tag);
		rx_u64(skb, "pppoed.tag_length", len);
		off += sizeof(*pt);
		if (malformed(off + len > plen))
			return false;
		if (tag == PPPOE_TAG_EOL)
			break;
		if (!pppoe_take_tag(disc, skb, tag, pos + off, len))
			return false;
		off += len;
	}
	return true;
}

/* An access concentrator offers its services. */
static bool pppoe_pado(struct disc *disc, const struct sk_buff *skb)
{
	struct pppoe_softc *sc = disc->sc;

	if (malformed(!sc))
		return false;
	if (malformed(sc->sc_state != PPPOE_STATE_PADI_SENT))
		return false;
	if (disc->ac_cookie) {
		sc->sc_ac_cookie_len = disc->ac_cookie_len;
		memcpy(sc->sc_ac_cookie, disc->ac_cookie, disc->ac_cookie_len);
	}
	memcpy(sc->sc_dest, eth_hdr(skb)->h_source, ETH_ALEN);
	sc->sc_padr_retried = 0;
	sc->sc_state = PPPOE_STATE_PADR_SENT;
	pppoe_send(sc, PPPOE_CODE_PADR);
	mod_timer(&sc->sc_timer, jiffies + PPPOE_DISC_TIMEOUT);
	return true;
}

/* The session is confirmed. */
static bool pppoe_pads(struct disc *disc, u16 sid)
{
	struct pppoe_softc *sc = disc->sc;

	if (malformed(!sc))
		return false;
	if (malformed(sc->sc_state != PPPOE_STATE_PADR_SENT))
		return false;
	if (disc->failed) {
		pppoe_down(sc);
		return true;
	}
	sc->sc_session = sid;
	sc->sc_state = PPPOE_STATE_SESSION;
	del_timer(&sc->sc_timer);
	sink_effect_u64(dev_net(sc->sc_dev)->sink, "pppoe.session", sid);
	return true;
}

static bool pppoe_padt(struct pppoe_softc *sc, const struct sk_buff *skb, u16 sid)
{
	if (malformed(sc->sc_state != PPPOE_STATE_SESSION))
		return false;
	if (malformed(sid != sc->sc_session))
		return false;
	if (malformed(!ether_addr_equal(eth_hdr(skb)->h_source, sc->sc_dest)))
		return false;
	pppoe_down(sc);
	sink_effect_u64(rx_sink(skb), "pppoe.terminated", sid);
	return true;
}

static bool pppoe_disc_input(struct sk_buff *skb, struct pppoe_softc *sc)
{
	struct disc disc = { };
	struct pppoe_hdr *ph;
	size_t plen;
	u16 sid;

	if (malformed(!pskb_may_pull(skb, sizeof(*ph))))
		return false;
	ph = pppoe_hdr(skb);
	plen = ntohs(ph->length);
	rx_u64(skb, "pppoe.version", ph->ver);
	rx_u64(skb, "pppoe.type", ph->type);
	rx_u64(skb, "pppoe.code", ph->code);
	rx_u64(skb, "pppoe.session_id", ntohs(ph->sid));
	rx_u64(skb, "pppoe.payload_length", plen);
	if (malformed((ph->ver << 4 | ph->type) != PPPOE_VERTYPE))
		return false;
	if (malformed(!pskb_may_pull(skb, sizeof(*ph) + plen)))
		return false;
	ph = pppoe_hdr(skb);
	sid = ntohs(ph->sid);
	if (!pppoe_take_tags(&disc, skb, (const u8 *)(ph + 1), plen))
		return false;

	switch (ph->code) {
	case PPPOE_CODE_PADO:
		return pppoe_pado(&disc, skb);
	case PPPOE_CODE_PADS:
		return pppoe_pads(&disc, sid);
	case PPPOE_CODE_PADT:
		return pppoe_padt(sc, skb, sid);
	default:
		return false;
	}
}

static int pppoe_disc_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
			  struct net_device *orig_dev)
{
	struct pppoe_softc *sc;

	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;
	if (malformed(skb->pkt_type != PACKET_HOST))
		goto abort;
	if (skb->mac_len < ETH_HLEN)
		goto abort;
	sc = pppoe_connect(dev);
	if (!sc || !pppoe_disc_input(skb, sc))
		goto abort;
	sink_verdict(rx_sink(skb), 0, 0);
	consume_skb(skb);
	return NET_RX_SUCCESS;

abort:
	kfree_skb(skb);
	return NET_RX_DROP;
}

static struct packet_type pppoed_ptype = {
	.type = cpu_to_be16(ETH_P_PPP_DISC),
	.func = pppoe_disc_rcv,
};

static int pppoe_disc_net_init(struct net *net)
{
	return 0;
}

static void pppoe_disc_net_exit(struct net *net)
{
	if (session)
		del_timer(&session->sc_timer);
	kfree(session);
	session = NULL;
}

static struct pernet_operations pppoe_net_ops = {
	.init = pppoe_disc_net_init,
	.exit = pppoe_disc_net_exit,
};

void pppoe_disc_init(void)
{
	dev_add_pack(&pppoed_ptype);
	register_pernet_subsys(&pppoe_net_ops);
}
