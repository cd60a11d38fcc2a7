// SPDX-License-Identifier: GPL-2.0-only
/*
 * Controllers: their life, the packets that they hand up, and the commands and data
 * that go down to them.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_core.c
 * Spec: Core 5.4 Vol 4 Part E 5.4 (packets), 4.4 (command flow control)
 * Differs: one controller, no sockets, monitor, rfkill, suspend, driver data; no
 *	fairness between links when data is sent, and no priorities; keys, lists and
 *	discovery have files of their own.
 */
#include <net/bluetooth/hci_core.h>
#include <net/bluetooth/l2cap.h>
#include <redzone/guard.h>
#include <redzone/sink.h>

#include "hci_core_priv.h"
#include "msft.h"
#include "smp.h"

LIST_HEAD(hci_cb_list);
DEFINE_MUTEX(hci_cb_list_lock);
static LIST_HEAD(hci_dev_list);

int hci_register_cb(struct hci_cb *cb)
{
	mutex_lock(&hci_cb_list_lock);
	list_add_tail(&cb->list, &hci_cb_list);
	mutex_unlock(&hci_cb_list_lock);
	return 0;
}

int hci_unregister_cb(struct hci_cb *cb)
{
	mutex_lock(&hci_cb_list_lock);
	list_del(&cb->list);
	mutex_unlock(&hci_cb_list_lock);
	return 0;
}

static void hci_error_reset(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, error_reset);

	hci_dev_hold(hdev);
	if (hdev->hw_error)
		hdev->hw_error(hdev, hdev->hw_error_code);
	if (!hci_dev_close_sync(hdev))
		hci_dev_open_sync(hdev);
	hci_dev_put(hdev);
}

/* The controller forgot a command: take its slot back and go on. */
static void hci_cmd_timeout(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, cmd_timer.work);

	if (hdev->sent_cmd)
		hci_cmd_sync_cancel_sync(hdev, ETIMEDOUT);
	if (hdev->cmd_timeout)
		hdev->cmd_timeout(hdev);
	atomic_set(&hdev->cmd_cnt, 1);
	queue_work(hdev->workqueue, &hdev->cmd_work);
}

/* It has taken no command for too long: nothing but a reset helps. */
static void hci_ncmd_timeout(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, ncmd_timer.work);

	if (test_bit(HCI_INIT, &hdev->flags))
		return;
	hci_reset_dev(hdev);
}

static void hci_dev_release(struct device *dev)
{
	hci_release_dev(to_hci_dev(dev));
}

static void hci_dev_init_values(struct hci_dev *hdev)
{
	hdev->pkt_type = HCI_DM1 | HCI_DH1 | HCI_HV1;
	hdev->esco_type = ESCO_HV1;
	hdev->link_mode = HCI_LM_ACCEPT;
	hdev->num_iac = 1;
	hdev->io_capability = HCI_IO_NO_INPUT_OUTPUT;
	hdev->manufacturer = 0xffff;
	hdev->inq_tx_power = HCI_TX_POWER_INVALID;
	hdev->adv_tx_power = HCI_TX_POWER_INVALID;
	hdev->sniff_max_interval = 800;
	hdev->sniff_min_interval = 80;
	hdev->le_adv_channel_map = 0x07;
	hdev->le_adv_min_interval = 0x0800;
	hdev->le_adv_max_interval = 0x0800;
	hdev->le_scan_interval = 0x0060;
	hdev->le_scan_window = 0x0030;
	hdev->le_scan_int_discovery = DISCOV_LE_SCAN_INT;
	hdev->le_scan_window_discovery = DISCOV_LE_SCAN_WIN;
	hdev->le_scan_int_connect = 0x0060;
	hdev->le_scan_window_connect = 0x0060;
	hdev->le_conn_min_interval = 0x0018;
	hdev->le_conn_max_interval = 0x0028;
	hdev->le_supv_timeout = 0x002a;
	hdev->le_def_tx_len = 0x001b;
	hdev->le_def_tx_time = 0x0148;
	hdev->le_max_tx_len = 0x001b;
	hdev->le_max_tx_time = 0x0148;
	hdev->le_max_rx_len = 0x001b;
	hdev->le_max_rx_time = 0x0148;
	hdev->le_max_key_size = SMP_MAX_ENC_KEY_SIZE;
	hdev->le_min_key_size = SMP_MIN_ENC_KEY_SIZE;
	hdev->le_tx_def_phys = HCI_LE_SET_PHY_1M;
	hdev->le_rx_def_phys = HCI_LE_SET_PHY_1M;
	hdev->le_num_of_adv_sets = HCI_MAX_ADV_INSTANCES;
	hdev->def_multi_adv_rotation_duration = HCI_DEFAULT_ADV_DURATION;
	hdev->def_le_autoconnect_timeout = HCI_LE_AUTOCONN_TIMEOUT;
	hdev->min_le_tx_power = HCI_TX_POWER_INVALID;
	hdev->max_le_tx_power = HCI_TX_POWER_INVALID;
	hdev->rpa_timeout = HCI_DEFAULT_RPA_TIMEOUT;
	hdev->discov_interleaved_timeout = DISCOV_INTERLEAVED_TIMEOUT;
	hdev->conn_info_min_age = DEFAULT_CONN_INFO_MIN_AGE;
	hdev->conn_info_max_age = DEFAULT_CONN_INFO_MAX_AGE;
	hdev->auth_payload_timeout = DEFAULT_AUTH_PAYLOAD_TIMEOUT;
	hdev->min_enc_key_size = HCI_MIN_ENC_KEY_SIZE;
}

static void hci_dev_init_lists(struct hci_dev *hdev)
{
	INIT_LIST_HEAD(&hdev->mgmt_pending);
	INIT_LIST_HEAD(&hdev->reject_list);
	INIT_LIST_HEAD(&hdev->accept_list);
	INIT_LIST_HEAD(&hdev->uuids);
	INIT_LIST_HEAD(&hdev->link_keys);
	INIT_LIST_HEAD(&hdev->long_term_keys);
	INIT_LIST_HEAD(&hdev->identity_resolving_keys);
	INIT_LIST_HEAD(&hdev->remote_oob_data);
	INIT_LIST_HEAD(&hdev->le_accept_list);
	INIT_LIST_HEAD(&hdev->le_resolv_list);
	INIT_LIST_HEAD(&hdev->le_conn_params);
	INIT_LIST_HEAD(&hdev->pend_le_conns);
	INIT_LIST_HEAD(&hdev->pend_le_reports);
	INIT_LIST_HEAD(&hdev->conn_hash.list);
	INIT_LIST_HEAD(&hdev->adv_instances);
	INIT_LIST_HEAD(&hdev->blocked_keys);
	INIT_LIST_HEAD(&hdev->monitored_devices);
	INIT_LIST_HEAD(&hdev->local_codecs);
	skb_queue_head_init(&hdev->rx_q);
	skb_queue_head_init(&hdev->cmd_q);
}

struct hci_dev *hci_alloc_dev(void)
{
	struct hci_dev *hdev = kzalloc(sizeof(*hdev), GFP_KERNEL);

	if (!hdev)
		return NULL;
	hci_dev_init_values(hdev);
	mutex_init(&hdev->lock);
	mutex_init(&hdev->req_lock);
	ida_init(&hdev->unset_handle_ida);
	hci_dev_init_lists(hdev);
	INIT_WORK(&hdev->rx_work, hci_rx_work);
	INIT_WORK(&hdev->cmd_work, hci_cmd_work);
	INIT_WORK(&hdev->tx_work, hci_tx_work);
	INIT_WORK(&hdev->error_reset, hci_error_reset);
	hci_cmd_sync_init(hdev);
	hci_mgmt_init(hdev);
	INIT_DELAYED_WORK(&hdev->cmd_timer, hci_cmd_timeout);
	INIT_DELAYED_WORK(&hdev->ncmd_timer, hci_ncmd_timeout);
	hdev->dev.release = hci_dev_release;
	device_initialize(&hdev->dev);
	discovery_init(hdev);
	return hdev;
}

void hci_free_dev(struct hci_dev *hdev)
{
	put_device(&hdev->dev);
}

/* Return: the index. */
int hci_register_dev(struct hci_dev *hdev)
{
	hdev->name = "hci0";
	hdev->workqueue = system_wq;
	hdev->req_workqueue = system_wq;
	device_add(&hdev->dev);
	hci_dev_set_flag(hdev, HCI_BREDR_ENABLED);
	list_add(&hdev->list, &hci_dev_list);
	hci_dev_hold(hdev);
	return hdev->id;
}

void hci_unregister_dev(struct hci_dev *hdev)
{
	hci_dev_set_flag(hdev, HCI_UNREGISTER);
	list_del(&hdev->list);
	cancel_work_sync(&hdev->rx_work);
	cancel_work_sync(&hdev->cmd_work);
	cancel_work_sync(&hdev->tx_work);
	cancel_work_sync(&hdev->error_reset);
	hci_cmd_sync_clear(hdev);
	hci_dev_close_sync(hdev);
	cancel_delayed_work_sync(&hdev->cmd_timer);
	cancel_delayed_work_sync(&hdev->ncmd_timer);
	hci_dev_lock(hdev);
	hci_mgmt_index_removed(hdev);
	hci_dev_unlock(hdev);
	device_del(&hdev->dev);
	hci_dev_put(hdev);
}

/* Everything that outlives a link. */
void hci_release_dev(struct hci_dev *hdev)
{
	hci_dev_lock(hdev);
	hci_bdaddr_list_clear(&hdev->reject_list);
	hci_bdaddr_list_clear(&hdev->accept_list);
	hci_uuids_clear(hdev);
	hci_link_keys_clear(hdev);
	hci_smp_ltks_clear(hdev);
	hci_smp_irks_clear(hdev);
	hci_remote_oob_data_clear(hdev);
	hci_adv_instances_clear(hdev);
	hci_bdaddr_list_clear(&hdev->le_accept_list);
	hci_bdaddr_list_clear(&hdev->le_resolv_list);
	hci_conn_params_clear_all(hdev);
	hci_discovery_filter_clear(hdev);
	hci_blocked_keys_clear(hdev);
	hci_codec_list_clear(&hdev->local_codecs);
	msft_release(hdev);
	hci_dev_unlock(hdev);
	ida_destroy(&hdev->unset_handle_ida);
	kfree_skb(hdev->sent_cmd);
	kfree_skb(hdev->recv_event);
	kfree(hdev->discovery.last_adv_data);
	kfree(hdev);
}

/* The controller for a link to @dst: ours, unless the peer has our own address. */
struct hci_dev *hci_get_route(bdaddr_t *dst, bdaddr_t *src, u8 src_type)
{
	struct hci_dev *hdev;

	list_for_each_entry(hdev, &hci_dev_list, list) {
		if (!test_bit(HCI_UP, &hdev->flags))
			continue;
		if (bacmp(src, BDADDR_ANY)) {
			if (!bacmp(&hdev->bdaddr, src))
				return hci_dev_hold(hdev);
		} else if (bacmp(&hdev->bdaddr, dst)) {
			return hci_dev_hold(hdev);
		}
	}
	return NULL;
}

/* As if the controller had reported that it is broken. */
int hci_reset_dev(struct hci_dev *hdev)
{
	static const u8 hw_err[] = { HCI_EV_HARDWARE_ERROR, 0x01, 0x00 };
	struct sk_buff *skb = bt_skb_alloc(sizeof(hw_err), GFP_ATOMIC);

	if (!skb)
		return -ENOMEM;
	hci_skb_pkt_type(skb) = HCI_EVENT_PKT;
	skb_put_data(skb, hw_err, sizeof(hw_err));
	return hci_recv_frame(hdev, skb);
}

/* Some controllers send isochronous data under the indicator of ACL data. */
static bool hci_is_iso_as_acl(struct hci_dev *hdev, struct sk_buff *skb)
{
	u16 handle;

	if (!hci_conn_num(hdev, ISO_LINK))
		return false;
	if (malformed(skb->len < HCI_ACL_HDR_SIZE))
		return false;
	handle = __le16_to_cpu(hci_acl_hdr(skb)->handle);
	return hci_conn_lookup_type(hdev, hci_handle(handle)) == ISO_LINK;
}

int hci_recv_frame(struct hci_dev *hdev, struct sk_buff *skb)
{
	if (!test_bit(HCI_UP, &hdev->flags) && !test_bit(HCI_INIT, &hdev->flags)) {
		kfree_skb(skb);
		return -ENXIO;
	}
	switch (hci_skb_pkt_type(skb)) {
	case HCI_EVENT_PKT:
	case HCI_SCODATA_PKT:
	case HCI_ISODATA_PKT:
		break;
	case HCI_ACLDATA_PKT:
		if (hci_is_iso_as_acl(hdev, skb))
			hci_skb_pkt_type(skb) = HCI_ISODATA_PKT;
		break;
	default:
		kfree_skb(skb);
		return -EINVAL;
	}
	bt_cb(skb)->incoming = 1;
	skb_queue_tail(&hdev->rx_q, skb);
	queue_work(hdev->workqueue, &hdev->rx_work);
	return 0;
}

/* What the last command said, for the handler of its answer. */
void *hci_sent_cmd_data(struct hci_dev *hdev, u16 opcode)
{
	struct hci_command_hdr *hdr;

	if (!hdev->sent_cmd)
		return NULL;
	hdr = (void *)hdev->sent_cmd->data;
	if (hdr->opcode != cpu_to_le16(opcode))
		return NULL;
	return hdev->sent_cmd->data + HCI_COMMAND_HDR_SIZE;
}

void *hci_recv_event_data(struct hci_dev *hdev, u8 event)
{
	struct hci_event_hdr *hdr;
	struct hci_ev_le_meta *ev;

	if (!hdev->recv_event)
		return NULL;
	hdr = (void *)hdev->recv_event->data;
	if (hdr->evt == event)
		return hdev->recv_event->data + sizeof(*hdr);
	if (hdr->evt != HCI_EV_LE_META)
		return NULL;
	ev = (void *)(hdev->recv_event->data + sizeof(*hdr));
	if (ev->subevent != event)
		return NULL;
	return hdev->recv_event->data + sizeof(*hdr) + sizeof(*ev);
}
