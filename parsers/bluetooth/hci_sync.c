// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands whose sender waits for the answer, and the queue of such senders.
 *
 * Modelled on: Linux 6.1 net/bluetooth/hci_sync.c (__hci_cmd_sync_sk, hci_cmd_sync_*)
 * Spec: Core 5.4 Vol 4 Part E 4.4
 * Differs: waiting means that the environment goes on with the input; what comes
 *	meanwhile is handled as other threads would. No sockets behind commands.
 */
#include <linux/err.h>
#include <net/bluetooth/hci_core.h>
#include <redzone/guard.h>

#include "hci_core_priv.h"

static void hci_cmd_sync_complete(struct hci_dev *hdev, u8 result, u16 opcode,
				  struct sk_buff *skb)
{
	triggered(REDZONE_E995E3FA5D99, hdev->req_unsent && skb);
	if (malformed(hdev->req_status != HCI_REQ_PEND))
		return;
	hdev->req_result = result;
	hdev->req_status = HCI_REQ_DONE;
	if (skb) {
		kfree_skb(hdev->req_skb);
		hdev->req_skb = skb_get(skb);
	}
}

static int hci_req_sync_run(struct hci_dev *hdev, u16 opcode, u32 plen,
			    const void *param, u8 event)
{
	struct sk_buff *skb = hci_prepare_cmd(hdev, opcode, plen, param);

	if (!skb)
		return -ENOMEM;
	hci_skb_event(skb) = event;
	bt_cb(skb)->hci.req_flags |= HCI_REQ_START | HCI_REQ_SKB;
	bt_cb(skb)->hci.req_complete_skb = hci_cmd_sync_complete;
	skb_queue_tail(&hdev->cmd_q, skb);
	queue_work(hdev->workqueue, &hdev->cmd_work);
	return 0;
}

/* Others work on while we sleep. */
static void hci_req_sync_wait(struct hci_dev *hdev, u32 timeout)
{
	unsigned long end = jiffies + timeout;

	flush_work(&hdev->cmd_work);
	while (hdev->req_status == HCI_REQ_PEND && time_before(jiffies, end)) {
		if (!hdev->env_next || !hdev->env_next(hdev->env_ctx))
			break;
	}
}

/* Commands whose sender looks into the answer. */
static noinline bool __maybe_unused hci_answer_has_params(u16 opcode)
{
	return opcode == HCI_OP_READ_LOCAL_CODECS ||
	       opcode == HCI_OP_READ_LOCAL_CODECS_V2 ||
	       opcode == HCI_OP_READ_LOCAL_CODEC_CAPS;
}

struct sk_buff *__hci_cmd_sync_sk(struct hci_dev *hdev, u16 opcode, u32 plen,
				  const void *param, u8 event, u32 timeout,
				  struct sock *sk)
{
	struct sk_buff *skb;
	int err;

	hdev->req_status = HCI_REQ_PEND;
	err = hci_req_sync_run(hdev, opcode, plen, param, event);
	hdev->req_unsent = err < 0;
	if (err < 0) {
		/* nobody waits: an answer that comes all the same is not kept */
		if (fixed(REDZONE_E995E3FA5D99))
			hdev->req_status = 0;
		return ERR_PTR(err);
	}
	hci_req_sync_wait(hdev, timeout);
	switch (hdev->req_status) {
	case HCI_REQ_DONE:
		err = -bt_to_errno(hdev->req_result);
		break;
	case HCI_REQ_CANCELED:
		err = -(int)hdev->req_result;
		break;
	default:
		err = -ETIMEDOUT;
		break;
	}
	hdev->req_status = 0;
	hdev->req_result = 0;
	skb = hdev->req_skb;
	hdev->req_skb = NULL;
	if (err < 0) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}
	/* Command Status has no parameters to return; some senders want them. */
	triggered(CVE_2024_50255, !skb && hci_answer_has_params(opcode));
	if (malformed(!skb) && fixed(CVE_2024_50255))
		return ERR_PTR(-ENODATA);
	return skb;
}

struct sk_buff *__hci_cmd_sync(struct hci_dev *hdev, u16 opcode, u32 plen,
			       const void *param, u32 timeout)
{
	return __hci_cmd_sync_sk(hdev, opcode, plen, param, 0, timeout, NULL);
}

struct sk_buff *__hci_cmd_sync_ev(struct hci_dev *hdev, u16 opcode, u32 plen,
				  const void *param, u8 event, u32 timeout)
{
	return __hci_cmd_sync_sk(hdev, opcode, plen, param, event, timeout, NULL);
}

int __hci_cmd_sync_status_sk(struct hci_dev *hdev, u16 opcode, u32 plen,
			     const void *param, u8 event, u32 timeout, struct sock *sk)
{
	struct sk_buff *skb;
	u8 status;

	skb = __hci_cmd_sync_sk(hdev, opcode, plen, param, event, timeout, sk);
	if (malformed(skb == ERR_PTR(-ENODATA)))
		return 0;
	if (malformed(IS_ERR(skb)))
		return PTR_ERR(skb);
	if (!skb)
		return 0;
	/* An answer without parameters says nothing: as good as success. */
	if (malformed(!skb->len)) {
		kfree_skb(skb);
		return 0;
	}
	status = skb->data[0];
	kfree_skb(skb);
	return status;
}

int __hci_cmd_sync_status(struct hci_dev *hdev, u16 opcode, u32 plen,
			  const void *param, u32 timeout)
{
	return __hci_cmd_sync_status_sk(hdev, opcode, plen, param, 0, timeout, NULL);
}

static struct hci_cmd_sync_work_entry *hci_cmd_sync_next(struct hci_dev *hdev)
{
	struct hci_cmd_sync_work_entry *entry;

	/* the rest is for hci_cmd_sync_clear() */
	if (hci_dev_test_flag(hdev, HCI_UNREGISTER))
		return NULL;
	mutex_lock(&hdev->cmd_sync_work_lock);
	entry = list_first_entry_or_null(&hdev->cmd_sync_work_list,
					 struct hci_cmd_sync_work_entry, list);
	if (entry)
		list_del(&entry->list);
	mutex_unlock(&hdev->cmd_sync_work_lock);
	return entry;
}

static void hci_cmd_sync_work(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, cmd_sync_work);
	struct hci_cmd_sync_work_entry *entry;
	int err;

	/* The queue is ordered; who runs it now takes what has been added, too. */
	if (mutex_is_locked(&hdev->req_lock))
		return;
	while ((entry = hci_cmd_sync_next(hdev)) != NULL) {
		hci_req_sync_lock(hdev);
		err = entry->func(hdev, entry->data);
		if (entry->destroy)
			entry->destroy(hdev, entry->data, err);
		hci_req_sync_unlock(hdev);
		kfree(entry);
	}
}

static void hci_cmd_sync_cancel_work(struct work_struct *work)
{
	struct hci_dev *hdev = container_of(work, struct hci_dev, cmd_sync_cancel_work);

	cancel_delayed_work_sync(&hdev->cmd_timer);
	cancel_delayed_work_sync(&hdev->ncmd_timer);
	atomic_set(&hdev->cmd_cnt, 1);
}

void hci_cmd_sync_init(struct hci_dev *hdev)
{
	INIT_WORK(&hdev->cmd_sync_work, hci_cmd_sync_work);
	INIT_LIST_HEAD(&hdev->cmd_sync_work_list);
	mutex_init(&hdev->cmd_sync_work_lock);
	INIT_WORK(&hdev->cmd_sync_cancel_work, hci_cmd_sync_cancel_work);
	hci_sync_init_works(hdev);
}

void hci_cmd_sync_cancel_entry(struct hci_dev *hdev,
			       struct hci_cmd_sync_work_entry *entry)
{
	if (entry->destroy)
		entry->destroy(hdev, entry->data, -ECANCELED);
	list_del(&entry->list);
	kfree(entry);
}

void hci_cmd_sync_clear(struct hci_dev *hdev)
{
	struct hci_cmd_sync_work_entry *entry, *tmp;

	hci_cmd_sync_cancel_sync(hdev, ENODEV);
	cancel_work_sync(&hdev->cmd_sync_work);
	cancel_work_sync(&hdev->cmd_sync_cancel_work);
	cancel_work_sync(&hdev->reenable_adv_work);
	list_for_each_entry_safe(entry, tmp, &hdev->cmd_sync_work_list, list)
		hci_cmd_sync_cancel_entry(hdev, entry);
}

void hci_cmd_sync_cancel(struct hci_dev *hdev, int err)
{
	if (hdev->req_status != HCI_REQ_PEND)
		return;
	hdev->req_result = err;
	hdev->req_status = HCI_REQ_CANCELED;
	queue_work(hdev->workqueue, &hdev->cmd_sync_cancel_work);
}

void hci_cmd_sync_cancel_sync(struct hci_dev *hdev, int err)
{
	if (hdev->req_status != HCI_REQ_PEND)
		return;
	hdev->req_result = err < 0 ? -err : err;
	hdev->req_status = HCI_REQ_CANCELED;
}

int hci_cmd_sync_submit(struct hci_dev *hdev, hci_cmd_sync_work_func_t func,
			void *data, hci_cmd_sync_work_destroy_t destroy)
{
	struct hci_cmd_sync_work_entry *entry;

	if (hci_dev_test_flag(hdev, HCI_UNREGISTER))
		return -ENODEV;
	entry = kmalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return -ENOMEM;
	entry->func = func;
	entry->data = data;
	entry->destroy = destroy;
	mutex_lock(&hdev->cmd_sync_work_lock);
	list_add_tail(&entry->list, &hdev->cmd_sync_work_list);
	mutex_unlock(&hdev->cmd_sync_work_lock);
	queue_work(hdev->req_workqueue, &hdev->cmd_sync_work);
	return 0;
}

int hci_cmd_sync_queue(struct hci_dev *hdev, hci_cmd_sync_work_func_t func,
		       void *data, hci_cmd_sync_work_destroy_t destroy)
{
	if (!test_bit(HCI_RUNNING, &hdev->flags))
		return -ENETDOWN;
	return hci_cmd_sync_submit(hdev, func, data, destroy);
}

struct hci_cmd_sync_work_entry *
hci_cmd_sync_lookup_entry(struct hci_dev *hdev, hci_cmd_sync_work_func_t func,
			  void *data, hci_cmd_sync_work_destroy_t destroy)
{
	struct hci_cmd_sync_work_entry *entry;

	list_for_each_entry(entry, &hdev->cmd_sync_work_list, list) {
		if ((!func || entry->func == func) && (!data || entry->data == data) &&
		    (!destroy || entry->destroy == destroy))
			return entry;
	}
	return NULL;
}

int hci_cmd_sync_queue_once(struct hci_dev *hdev, hci_cmd_sync_work_func_t func,
			    void *data, hci_cmd_sync_work_destroy_t destroy)
{
	if (hci_cmd_sync_lookup_entry(hdev, func, data, destroy))
		return -EEXIST;
	return hci_cmd_sync_queue(hdev, func, data, destroy);
}
