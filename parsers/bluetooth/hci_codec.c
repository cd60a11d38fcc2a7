// SPDX-License-Identifier: GPL-2.0-only
/*
 * The codecs that a controller says it has, and what each of them can do.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_codec.c
 * Spec: Core 5.4 Vol 4 Part E 7.4.8, 7.4.10
 * Differs: nothing.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "hci_codec.h"
#include "hci_core_priv.h"

static int hci_codec_list_add(struct list_head *list,
			      struct hci_op_read_local_codec_caps *sent,
			      struct hci_rp_read_local_codec_caps *rp, void *caps,
			      u32 len)
{
	struct codec_list *entry = kzalloc(sizeof(*entry) + len, GFP_KERNEL);

	if (!entry)
		return -ENOMEM;
	entry->id = sent->id;
	if (sent->id == 0xff) {
		entry->cid = __le16_to_cpu(sent->cid);
		entry->vid = __le16_to_cpu(sent->vid);
	}
	entry->transport = sent->transport;
	entry->len = len;
	if (rp) {
		entry->num_caps = rp->num_caps;
		memcpy(entry->caps, caps, len);
	}
	list_add(&entry->list, list);
	return 0;
}

/* Elements of a length byte and as many bytes. Return: their size, or negative. */
static int hci_codec_caps_len(struct hci_dev *hdev, struct sk_buff *skb, u8 num_caps)
{
	struct hci_codec_caps *caps;
	int len = 0;
	u8 j;

	for (j = 0; j < num_caps; j++) {
		caps = (void *)skb->data;
		if (malformed(skb->len < sizeof(*caps)))
			return -EILSEQ;
		sink_u64(hdev->sink, "bthci_evt.codec_capability_len", caps->len);
		if (malformed(skb->len < caps->len))
			return -EILSEQ;
		if (malformed_in(CVE_2026_74300, skb->len < sizeof(caps->len) + caps->len))
			return -EILSEQ;
		len += sizeof(caps->len) + caps->len;
		skb_pull(skb, sizeof(caps->len) + caps->len);
	}
	return len;
}

static void hci_parse_codec_caps(struct hci_dev *hdev, struct sk_buff *skb,
				 struct hci_op_read_local_codec_caps *cmd)
{
	struct hci_rp_read_local_codec_caps *rp = (void *)skb->data;
	int len;

	if (malformed(skb->len < sizeof(*rp)))
		return;
	sink_u64(hdev->sink, "bthci_evt.status", rp->status);
	if (malformed(rp->status))
		return;
	sink_u64(hdev->sink, "bthci_evt.num_codec_caps", rp->num_caps);
	skb_pull(skb, sizeof(*rp));
	len = hci_codec_caps_len(hdev, skb, rp->num_caps);
	if (len < 0)
		return;
	hci_dev_lock(hdev);
	hci_codec_list_add(&hdev->local_codecs, cmd, rp, (u8 *)rp + sizeof(*rp), len);
	hci_dev_unlock(hdev);
}

static void hci_read_codec_capabilities(struct hci_dev *hdev, u8 transport,
					struct hci_op_read_local_codec_caps *cmd)
{
	struct sk_buff *skb;
	u8 i;

	for (i = 0; i < TRANSPORT_TYPE_MAX; i++) {
		if (!(transport & BIT(i)))
			continue;
		cmd->transport = i;
		/* a controller that cannot say: the codec without capabilities */
		if (!(hdev->commands[45] & 0x08)) {
			hci_dev_lock(hdev);
			hci_codec_list_add(&hdev->local_codecs, cmd, NULL, NULL, 0);
			hci_dev_unlock(hdev);
			continue;
		}
		skb = __hci_cmd_sync_sk(hdev, HCI_OP_READ_LOCAL_CODEC_CAPS, sizeof(*cmd),
					cmd, 0, HCI_CMD_TIMEOUT, NULL);
		if (malformed(IS_ERR(skb)))
			continue;
		hci_parse_codec_caps(hdev, skb, cmd);
		kfree_skb(skb);
	}
}

static void hci_parse_codecs(struct hci_dev *hdev, struct sk_buff *skb)
{
	const u8 transport = LOCAL_CODEC_ACL_MASK | LOCAL_CODEC_SCO_MASK;
	struct hci_op_read_local_codec_caps caps;
	struct hci_std_codecs *std;
	struct hci_vnd_codecs *vnd;
	u8 i;

	std = skb_pull_data(skb, sizeof(*std));
	if (malformed(!std))
		return;
	sink_u64(hdev->sink, "bthci_evt.number_of_supported_codecs", std->num);
	if (malformed(skb->len < flex_array_size(std, codec, std->num)))
		return;
	memset(&caps, 0, sizeof(caps));
	for (i = 0; i < std->num; i++) {
		sink_u64(hdev->sink, "bthci_evt.codec_id", std->codec[i]);
		caps.id = std->codec[i];
		hci_read_codec_capabilities(hdev, transport, &caps);
	}
	skb_pull(skb, flex_array_size(std, codec, std->num));
	vnd = skb_pull_data(skb, sizeof(*vnd));
	if (malformed(!vnd))
		return;
	sink_u64(hdev->sink, "bthci_evt.number_of_supported_vendor_codecs", vnd->num);
	if (malformed(skb->len < flex_array_size(vnd, codec, vnd->num)))
		return;
	for (i = 0; i < vnd->num; i++) {
		sink_u64(hdev->sink, "bthci_evt.vendor_codecs.item.codec_id",
			 __le16_to_cpu(vnd->codec[i].cid));
		caps.id = 0xff;
		caps.cid = vnd->codec[i].cid;
		caps.vid = vnd->codec[i].vid;
		hci_read_codec_capabilities(hdev, transport, &caps);
	}
}

static void hci_parse_codecs_v2(struct hci_dev *hdev, struct sk_buff *skb)
{
	struct hci_op_read_local_codec_caps caps;
	struct hci_std_codecs_v2 *std;
	struct hci_vnd_codecs_v2 *vnd;
	u8 i;

	std = skb_pull_data(skb, sizeof(*std));
	if (malformed(!std))
		return;
	sink_u64(hdev->sink, "bthci_evt.number_of_supported_codecs", std->num);
	if (malformed(skb->len < flex_array_size(std, codec, std->num)))
		return;
	memset(&caps, 0, sizeof(caps));
	for (i = 0; i < std->num; i++) {
		sink_u64(hdev->sink, "bthci_evt.codec_id", std->codec[i].id);
		caps.id = std->codec[i].id;
		hci_read_codec_capabilities(hdev, std->codec[i].transport, &caps);
	}
	skb_pull(skb, flex_array_size(std, codec, std->num));
	vnd = skb_pull_data(skb, sizeof(*vnd));
	if (malformed(!vnd))
		return;
	sink_u64(hdev->sink, "bthci_evt.number_of_supported_vendor_codecs", vnd->num);
	if (malformed(skb->len < flex_array_size(vnd, codec, vnd->num)))
		return;
	for (i = 0; i < vnd->num; i++) {
		sink_u64(hdev->sink, "bthci_evt.vendor_codecs.item.codec_id",
			 __le16_to_cpu(vnd->codec[i].cid));
		caps.id = 0xff;
		caps.cid = vnd->codec[i].cid;
		caps.vid = vnd->codec[i].vid;
		hci_read_codec_capabilities(hdev, vnd->codec[i].transport, &caps);
	}
}

static void hci_read_codecs(struct hci_dev *hdev, u16 opcode,
			    void (*parse)(struct hci_dev *hdev, struct sk_buff *skb))
{
	struct sk_buff *skb;
	u8 *status;

	skb = __hci_cmd_sync_sk(hdev, opcode, 0, NULL, 0, HCI_CMD_TIMEOUT, NULL);
	if (malformed(IS_ERR(skb)))
		return;
	status = skb->data;
	if (malformed(skb->len < sizeof(*status)))
		goto error;
	sink_u64(hdev->sink, "bthci_evt.status", *status);
	if (malformed(*status))
		goto error;
	skb_pull(skb, sizeof(*status));
	parse(hdev, skb);
error:
	kfree_skb(skb);
}

void hci_read_supported_codecs(struct hci_dev *hdev)
{
	hci_read_codecs(hdev, HCI_OP_READ_LOCAL_CODECS, hci_parse_codecs);
}

void hci_read_supported_codecs_v2(struct hci_dev *hdev)
{
	hci_read_codecs(hdev, HCI_OP_READ_LOCAL_CODECS_V2, hci_parse_codecs_v2);
}
