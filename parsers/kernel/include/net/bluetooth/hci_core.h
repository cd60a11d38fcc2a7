/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects of the Bluetooth host: controller, links, keys, discovery.
 *
 * Names and fields of Linux 6.1. Changed for testing: no suspend, LEDs, rfkill,
 * debugfs, core dumps, vendor extensions, mesh transmission; the searches over
 * hdev->conn_hash are functions (parsers/bluetooth/hci_conn_hash.c), so that no
 * object carries its own copy.
 */
#ifndef __HCI_CORE_H
#define __HCI_CORE_H

#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/idr.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rculist.h>
#include <linux/rwlock.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/bluetooth/hci.h>
#include <net/bluetooth/hci_sync.h>

#define HCI_PRIO_MAX			7
#define HCI_MAX_PAGES			3
#define HCI_MAX_SHORT_NAME_LENGTH	10
#define HCI_MAX_ADV_INSTANCES		5
#define HCI_DEFAULT_ADV_DURATION	2
#define HCI_ADV_TX_POWER_NO_PREFERENCE	0x7f
#define HCI_MIN_ENC_KEY_SIZE		7
#define HCI_DEFAULT_RPA_TIMEOUT		(15 * 60)
#define DEFAULT_CONN_INFO_MIN_AGE	1000
#define DEFAULT_CONN_INFO_MAX_AGE	3000
#define DEFAULT_AUTH_PAYLOAD_TIMEOUT	0x0bb8

/* A link that the controller has not numbered yet has a handle above the range. */
#define HCI_CONN_HANDLE_MAX		0x0eff
#define HCI_CONN_HANDLE_UNSET(handle)	((handle) > HCI_CONN_HANDLE_MAX)

struct sink;

struct inquiry_data {
	bdaddr_t bdaddr;
	u8 pscan_rep_mode;
	u8 pscan_period_mode;
	u8 pscan_mode;
	u8 dev_class[3];
	__le16 clock_offset;
	s8 rssi;
	u8 ssp_mode;
};

struct inquiry_entry {
	struct list_head all;		/* discovery.all */
	struct list_head list;		/* discovery.unknown or .resolve */
	enum {
		NAME_NOT_KNOWN,
		NAME_NEEDED,
		NAME_PENDING,
		NAME_KNOWN,
	} name_state;
	unsigned long timestamp;
	struct inquiry_data data;
};

struct discovery_state {
	int type;
	enum {
		DISCOVERY_STOPPED,
		DISCOVERY_STARTING,
		DISCOVERY_FINDING,
		DISCOVERY_RESOLVING,
		DISCOVERY_STOPPING,
	} state;
	struct list_head all;
	struct list_head unknown;	/* nobody has said whether the name is wanted */
	struct list_head resolve;	/* name to be asked for, strongest first */
	unsigned long timestamp;
	/* an advertising report that waits for its scan response */
	bdaddr_t last_adv_addr;
	u8 last_adv_addr_type;
	s8 last_adv_rssi;
	u32 last_adv_flags;
	u8 *last_adv_data;		/* HCI_MAX_AD_LENGTH bytes, or NULL: none yet */
	u8 last_adv_data_len;
	bool report_invalid_rssi;
	bool result_filtering;
	bool limited;
	s8 rssi;
	u16 uuid_count;
	u8 (*uuids)[16];
	unsigned long scan_start;
	unsigned long scan_duration;
	unsigned long name_resolve_timeout;
	spinlock_t lock;
};

struct hci_conn_hash {
	struct list_head list;
	unsigned int acl_num;
	unsigned int sco_num;
	unsigned int iso_num;
	unsigned int le_num;
	unsigned int le_num_peripheral;
};

struct bdaddr_list {
	struct list_head list;
	bdaddr_t bdaddr;
	u8 bdaddr_type;
};

struct bdaddr_list_with_irk {
	struct list_head list;
	bdaddr_t bdaddr;
	u8 bdaddr_type;
	u8 peer_irk[16];
	u8 local_irk[16];
};

enum hci_conn_flags {
	HCI_CONN_FLAG_REMOTE_WAKEUP = 1,
	HCI_CONN_FLAG_DEVICE_PRIVACY = 2,
};
typedef u8 hci_conn_flags_t;

struct bdaddr_list_with_flags {
	struct list_head list;
	bdaddr_t bdaddr;
	u8 bdaddr_type;
	hci_conn_flags_t flags;
};

struct bt_uuid {
	struct list_head list;
	u8 uuid[16];
	u8 size;		/* bits */
	u8 svc_hint;
};

struct codec_list {
	struct list_head list;
	u8 id;
	u16 cid;
	u16 vid;
	u8 transport;
	u8 num_caps;
	u32 len;
	struct hci_codec_caps caps[];
};

struct blocked_key {
	struct list_head list;
	struct rcu_head rcu;
	u8 type;
	u8 val[16];
};

struct smp_csrk {
	bdaddr_t bdaddr;
	u8 bdaddr_type;
	u8 type;
	u8 val[16];
};

struct smp_ltk {
	struct list_head list;
	struct rcu_head rcu;
	bdaddr_t bdaddr;
	u8 bdaddr_type;
	u8 authenticated;
	u8 type;
	u8 enc_size;
	__le16 ediv;
	__le64 rand;
	u8 val[16];
};

struct smp_irk {
	struct list_head list;
	struct rcu_head rcu;
	bdaddr_t rpa;
	bdaddr_t bdaddr;
	u8 addr_type;
	u8 val[16];
};

struct link_key {
	struct list_head list;
	struct rcu_head rcu;
	bdaddr_t bdaddr;
	u8 type;
	u8 val[HCI_LINK_KEY_SIZE];
	u8 pin_len;
};

struct oob_data {
	struct list_head list;
	bdaddr_t bdaddr;
	u8 bdaddr_type;
	u8 present;		/* 1: P-192, 2: P-256, 3: both */
	u8 hash192[16];
	u8 rand192[16];
	u8 hash256[16];
	u8 rand256[16];
};

struct adv_info {
	struct list_head list;
	bool enabled;
	bool pending;
	bool periodic;
	u8 mesh;
	u8 instance;
	u8 handle;
	u32 flags;
	u16 timeout;
	u16 remaining_time;
	u16 duration;
	u16 adv_data_len;
	u8 adv_data[HCI_MAX_EXT_AD_LENGTH];
	bool adv_data_changed;
	u16 scan_rsp_len;
	u8 scan_rsp_data[HCI_MAX_EXT_AD_LENGTH];
	bool scan_rsp_changed;
	u16 per_adv_data_len;
	u8 per_adv_data[HCI_MAX_PER_AD_LENGTH];
	s8 tx_power;
	u32 min_interval;
	u32 max_interval;
	bdaddr_t random_addr;
	bool rpa_expired;
	struct delayed_work rpa_expired_cb;
};

struct monitored_device {
	struct list_head list;
	bdaddr_t bdaddr;
	u8 addr_type;
	u16 handle;
	bool notified;
};

struct hci_dev {
	struct list_head list;
	struct mutex lock;
	struct ida unset_handle_ida;

	const char *name;
	unsigned long flags;
	u16 id;

	bdaddr_t bdaddr;
	bdaddr_t setup_addr;
	bdaddr_t public_addr;
	bdaddr_t random_addr;
	bdaddr_t static_addr;
	u8 adv_addr_type;
	u8 dev_name[HCI_MAX_NAME_LENGTH];
	u8 short_name[HCI_MAX_SHORT_NAME_LENGTH];
	u8 eir[HCI_MAX_EIR_LENGTH];
	u16 appearance;
	u8 dev_class[3];
	u8 major_class;
	u8 minor_class;
	u8 max_page;
	u8 features[HCI_MAX_PAGES][8];
	u8 le_features[8];
	u8 le_accept_list_size;
	u8 le_resolv_list_size;
	u8 le_num_of_adv_sets;
	u8 le_states[8];
	u8 mesh_ad_types[16];
	u8 commands[64];
	u8 hci_ver;
	u16 hci_rev;
	u8 lmp_ver;
	u16 manufacturer;
	u16 lmp_subver;
	u16 voice_setting;
	u8 num_iac;
	u16 stored_max_keys;
	u16 stored_num_keys;
	u8 io_capability;
	s8 inq_tx_power;
	u8 err_data_reporting;
	u16 page_scan_interval;
	u16 page_scan_window;
	u8 page_scan_type;
	u8 le_adv_channel_map;
	u16 le_adv_min_interval;
	u16 le_adv_max_interval;
	u8 le_scan_type;
	u16 le_scan_interval;
	u16 le_scan_window;
	u16 le_scan_int_connect;
	u16 le_scan_window_connect;
	u16 le_scan_int_discovery;
	u16 le_scan_window_discovery;
	u16 le_conn_min_interval;
	u16 le_conn_max_interval;
	u16 le_conn_latency;
	u16 le_supv_timeout;
	u16 le_def_tx_len;
	u16 le_def_tx_time;
	u16 le_max_tx_len;
	u16 le_max_tx_time;
	u16 le_max_rx_len;
	u16 le_max_rx_time;
	u8 le_max_key_size;
	u8 le_min_key_size;
	u32 discov_timeout;
	u16 discov_interleaved_timeout;
	u16 conn_info_min_age;
	u16 conn_info_max_age;
	u16 auth_payload_timeout;
	u8 min_enc_key_size;
	u8 max_enc_key_size;
	u8 pairing_opts;
	u8 ssp_debug_mode;
	u8 hw_error_code;
	u32 clock;
	u16 devid_source;
	u16 devid_vendor;
	u16 devid_product;
	u16 devid_version;
	u16 def_multi_adv_rotation_duration;
	u16 def_le_autoconnect_timeout;
	s8 min_le_tx_power;
	s8 max_le_tx_power;
	u16 pkt_type;
	u16 esco_type;
	u16 link_policy;
	u16 link_mode;
	u32 idle_timeout;
	u16 sniff_min_interval;
	u16 sniff_max_interval;
	unsigned int auto_accept_delay;
	unsigned long quirks;

	/* packets that the controller takes, now and at all */
	atomic_t cmd_cnt;
	unsigned int acl_cnt;
	unsigned int sco_cnt;
	unsigned int le_cnt;
	unsigned int iso_cnt;
	unsigned int acl_mtu;
	unsigned int sco_mtu;
	unsigned int le_mtu;
	unsigned int iso_mtu;
	unsigned int acl_pkts;
	unsigned int sco_pkts;
	unsigned int le_pkts;
	unsigned int iso_pkts;
	unsigned long acl_last_tx;
	unsigned long le_last_tx;
	u8 le_tx_def_phys;
	u8 le_rx_def_phys;

	struct workqueue_struct *workqueue;
	struct workqueue_struct *req_workqueue;
	struct work_struct error_reset;
	struct work_struct cmd_sync_work;
	struct list_head cmd_sync_work_list;
	struct mutex cmd_sync_work_lock;
	struct work_struct cmd_sync_cancel_work;
	struct work_struct reenable_adv_work;
	struct delayed_work power_off;
	struct delayed_work discov_off;
	struct delayed_work service_cache;
	struct delayed_work cmd_timer;
	struct delayed_work ncmd_timer;
	struct work_struct rx_work;
	struct work_struct cmd_work;
	struct work_struct tx_work;
	struct delayed_work le_scan_disable;
	struct delayed_work le_scan_restart;
	struct delayed_work rpa_expired;

	struct sk_buff_head rx_q;
	struct sk_buff_head cmd_q;
	struct sk_buff *sent_cmd;	/* what an answer is looked up in */
	struct sk_buff *recv_event;	/* the event as it came, until handled */

	struct mutex req_lock;
	u32 req_status;
	u32 req_result;
	struct sk_buff *req_skb;
	bool req_unsent;	/* for the canary of redzone-e995e3fa5d99 */

	void *smp_data;
	void *smp_bredr_data;
	struct discovery_state discovery;
	bool discovery_paused;
	bool advertising_paused;
	bool scanning_paused;
	bool suspended;
	u8 wake_reason;
	bdaddr_t wake_addr;
	u8 wake_addr_type;

	struct hci_conn_hash conn_hash;

	struct list_head mgmt_pending;
	struct list_head reject_list;
	struct list_head accept_list;
	struct list_head uuids;
	struct list_head link_keys;
	struct list_head long_term_keys;
	struct list_head identity_resolving_keys;
	struct list_head remote_oob_data;
	struct list_head le_accept_list;
	struct list_head le_resolv_list;
	struct list_head le_conn_params;
	struct list_head pend_le_conns;
	struct list_head pend_le_reports;
	struct list_head blocked_keys;
	struct list_head local_codecs;

	struct sink *sink;		/* of the input: decoded values, verdicts, effects */
	int verdict;			/* on the event in hand */
	bool (*env_next)(void *ctx);	/* plays one more packet: redzone/bt.h */
	void *env_ctx;

	struct device dev;
	DECLARE_BITMAP(dev_flags, __HCI_NUM_FLAGS);
	hci_conn_flags_t conn_flags;

	s8 adv_tx_power;
	u8 adv_data[HCI_MAX_EXT_AD_LENGTH];
	u8 adv_data_len;
	u8 scan_rsp_data[HCI_MAX_EXT_AD_LENGTH];
	u8 scan_rsp_data_len;
	u8 per_adv_data[HCI_MAX_PER_AD_LENGTH];
	u8 per_adv_data_len;
	struct list_head adv_instances;
	unsigned int adv_instance_cnt;
	u8 cur_adv_instance;
	u16 adv_instance_timeout;
	struct delayed_work adv_instance_expire;
	unsigned int adv_monitors_cnt;
	struct list_head monitored_devices;
	bool advmon_pend_notify;
	u16 msft_opcode;
	void *msft_data;

	u8 irk[16];
	u32 rpa_timeout;
	bdaddr_t rpa;

	int (*send)(struct hci_dev *hdev, struct sk_buff *skb);
	void (*notify)(struct hci_dev *hdev, unsigned int evt);
	void (*hw_error)(struct hci_dev *hdev, u8 code);
	void (*cmd_timeout)(struct hci_dev *hdev);
};

enum conn_reasons {
	CONN_REASON_PAIR_DEVICE,
	CONN_REASON_L2CAP_CHAN,
	CONN_REASON_SCO_CONNECT,
	CONN_REASON_ISO_CONNECT,
};

struct hci_conn {
	struct list_head list;		/* hdev->conn_hash.list */
	atomic_t refcnt;		/* users of the link: hold and drop */

	bdaddr_t dst;
	u8 dst_type;
	bdaddr_t src;
	u8 src_type;
	bdaddr_t init_addr;
	u8 init_addr_type;
	bdaddr_t resp_addr;
	u8 resp_addr_type;
	u8 adv_instance;
	u16 handle;
	u16 sync_handle;
	u16 state;
	u16 mtu;
	u8 mode;
	u8 type;
	u8 role;
	bool out;
	u8 attempt;
	u8 dev_class[3];
	u8 features[HCI_MAX_PAGES][8];
	u16 pkt_type;
	u16 link_policy;
	u8 key_type;
	u8 auth_type;
	u8 sec_level;
	u8 pending_sec_level;
	u8 pin_length;
	u8 enc_key_size;
	u8 io_capability;
	u32 passkey_notify;
	u8 passkey_entered;
	u16 disc_timeout;
	u16 conn_timeout;
	u16 setting;
	u16 auth_payload_timeout;
	u16 le_conn_min_interval;
	u16 le_conn_max_interval;
	u16 le_conn_interval;
	u16 le_conn_latency;
	u16 le_supv_timeout;
	u8 le_adv_data[HCI_MAX_EXT_AD_LENGTH];
	u8 le_adv_data_len;
	u8 le_per_adv_data[HCI_MAX_PER_AD_LENGTH];
	u8 le_per_adv_data_len;
	u8 le_tx_phy;
	u8 le_rx_phy;
	s8 rssi;
	s8 tx_power;
	s8 max_tx_power;
	struct bt_iso_qos iso_qos;
	unsigned long flags;

	enum conn_reasons conn_reason;
	u32 clock;
	u16 clock_accuracy;
	unsigned long conn_info_timestamp;
	u8 remote_cap;
	u8 remote_auth;
	u8 remote_id;
	unsigned int sent;

	struct sk_buff_head data_q;
	struct list_head chan_list;

	struct delayed_work disc_work;
	struct delayed_work auto_accept_work;
	struct delayed_work idle_work;
	struct delayed_work le_conn_timeout;
	struct work_struct le_scan_cleanup;

	struct device dev;		/* life of the object: get and put */

	struct hci_dev *hdev;
	void *l2cap_data;
	void *sco_data;
	void *iso_data;

	struct hci_conn *link;		/* ACL and its SCO, LE and its CIS */
	struct bt_codec codec;

	void (*connect_cfm_cb)(struct hci_conn *conn, u8 status);
	void (*security_cfm_cb)(struct hci_conn *conn, u8 status);
	void (*disconn_cfm_cb)(struct hci_conn *conn, u8 reason);
	void (*cleanup)(struct hci_conn *conn);
};

struct hci_chan {
	struct list_head list;		/* conn->chan_list */
	u16 handle;
	struct hci_conn *conn;
	struct sk_buff_head data_q;
	unsigned int sent;
	u8 state;
};

struct hci_conn_params {
	struct list_head list;		/* hdev->le_conn_params */
	struct list_head action;	/* hdev->pend_le_conns or ->pend_le_reports */
	bdaddr_t addr;
	u8 addr_type;
	u16 conn_min_interval;
	u16 conn_max_interval;
	u16 conn_latency;
	u16 supervision_timeout;
	enum {
		HCI_AUTO_CONN_DISABLED,
		HCI_AUTO_CONN_REPORT,
		HCI_AUTO_CONN_DIRECT,
		HCI_AUTO_CONN_ALWAYS,
		HCI_AUTO_CONN_LINK_LOSS,
		HCI_AUTO_CONN_EXPLICIT,
	} auto_connect;
	struct hci_conn *conn;
	bool explicit_connect;
	hci_conn_flags_t flags;
	u8 privacy_mode;
};

/* Bits of conn->flags */
enum {
	HCI_CONN_AUTH_PEND,
	HCI_CONN_ENCRYPT_PEND,
	HCI_CONN_RSWITCH_PEND,
	HCI_CONN_MODE_CHANGE_PEND,
	HCI_CONN_SCO_SETUP_PEND,
	HCI_CONN_MGMT_CONNECTED,
	HCI_CONN_SSP_ENABLED,
	HCI_CONN_SC_ENABLED,
	HCI_CONN_AES_CCM,
	HCI_CONN_POWER_SAVE,
	HCI_CONN_FLUSH_KEY,
	HCI_CONN_ENCRYPT,
	HCI_CONN_AUTH,
	HCI_CONN_SECURE,
	HCI_CONN_FIPS,
	HCI_CONN_STK_ENCRYPT,
	HCI_CONN_AUTH_INITIATOR,
	HCI_CONN_DROP,
	HCI_CONN_CANCEL,
	HCI_CONN_PARAM_REMOVAL_PEND,
	HCI_CONN_NEW_LINK_KEY,
	HCI_CONN_SCANNING,
	HCI_CONN_AUTH_FAILURE,
	HCI_CONN_PER_ADV,
};

extern struct list_head hci_cb_list;
extern struct mutex hci_cb_list_lock;

#define hci_dev_set_flag(hdev, nr)		set_bit((nr), (hdev)->dev_flags)
#define hci_dev_clear_flag(hdev, nr)		clear_bit((nr), (hdev)->dev_flags)
#define hci_dev_change_flag(hdev, nr)		change_bit((nr), (hdev)->dev_flags)
#define hci_dev_test_flag(hdev, nr)		test_bit((nr), (hdev)->dev_flags)
#define hci_dev_test_and_set_flag(hdev, nr)	test_and_set_bit((nr), (hdev)->dev_flags)
#define hci_dev_test_and_clear_flag(hdev, nr)	test_and_clear_bit((nr), (hdev)->dev_flags)
#define hci_dev_test_and_change_flag(hdev, nr)	test_and_change_bit((nr), (hdev)->dev_flags)

/* What a reset of the controller takes back */
#define hci_dev_clear_volatile_flags(hdev)			\
	do {							\
		hci_dev_clear_flag(hdev, HCI_LE_SCAN);		\
		hci_dev_clear_flag(hdev, HCI_LE_ADV);		\
		hci_dev_clear_flag(hdev, HCI_LL_RPA_RESOLUTION);	\
		hci_dev_clear_flag(hdev, HCI_PERIODIC_INQ);	\
		hci_dev_clear_flag(hdev, HCI_QUALITY_REPORT);	\
	} while (0)

#define hci_dev_le_state_simultaneous(hdev) \
	(test_bit(HCI_QUIRK_VALID_LE_STATES, &(hdev)->quirks) && \
	 ((hdev)->le_states[4] & 0x08) && ((hdev)->le_states[4] & 0x40) && \
	 ((hdev)->le_states[3] & 0x10))

/* What the flags and features together mean; see <net/bluetooth/hci_caps.h>. */
#include <net/bluetooth/hci_caps.h>

/* Upper protocols */
int l2cap_connect_ind(struct hci_dev *hdev, bdaddr_t *bdaddr);
int l2cap_disconn_ind(struct hci_conn *hcon);
void l2cap_recv_acldata(struct hci_conn *hcon, struct sk_buff *skb, u16 flags);
int sco_connect_ind(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 *flags);
void sco_recv_scodata(struct hci_conn *hcon, struct sk_buff *skb);
int iso_connect_ind(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 *flags);
void iso_recv(struct hci_conn *hcon, struct sk_buff *skb, u16 flags);

#define HCI_PROTO_DEFER		0x01

int hci_proto_connect_ind(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type, u8 *flags);
int hci_proto_disconn_ind(struct hci_conn *conn);

struct hci_cb {
	struct list_head list;
	char *name;
	void (*connect_cfm)(struct hci_conn *conn, u8 status);
	void (*disconn_cfm)(struct hci_conn *conn, u8 status);
	void (*security_cfm)(struct hci_conn *conn, u8 status, u8 encrypt);
	void (*key_change_cfm)(struct hci_conn *conn, u8 status);
	void (*role_switch_cfm)(struct hci_conn *conn, u8 status, u8 role);
};

int hci_register_cb(struct hci_cb *cb);
int hci_unregister_cb(struct hci_cb *cb);

void hci_connect_cfm(struct hci_conn *conn, u8 status);
void hci_disconn_cfm(struct hci_conn *conn, u8 reason);
void hci_auth_cfm(struct hci_conn *conn, u8 status);
void hci_encrypt_cfm(struct hci_conn *conn, u8 status);
void hci_key_change_cfm(struct hci_conn *conn, u8 status);
void hci_role_switch_cfm(struct hci_conn *conn, u8 status, u8 role);

/* Inquiry cache and discovery */
#define INQUIRY_CACHE_AGE_MAX	(HZ * 30)
#define INQUIRY_ENTRY_AGE_MAX	(HZ * 60)

void discovery_init(struct hci_dev *hdev);
void hci_discovery_filter_clear(struct hci_dev *hdev);
bool hci_discovery_active(struct hci_dev *hdev);
void hci_discovery_set_state(struct hci_dev *hdev, int state);

static inline int inquiry_cache_empty(struct hci_dev *hdev)
{
	return list_empty(&hdev->discovery.all);
}

static inline long inquiry_cache_age(struct hci_dev *hdev)
{
	return jiffies - hdev->discovery.timestamp;
}

static inline long inquiry_entry_age(struct inquiry_entry *e)
{
	return jiffies - e->timestamp;
}

struct inquiry_entry *hci_inquiry_cache_lookup(struct hci_dev *hdev, bdaddr_t *bdaddr);
struct inquiry_entry *hci_inquiry_cache_lookup_unknown(struct hci_dev *hdev,
						       bdaddr_t *bdaddr);
struct inquiry_entry *hci_inquiry_cache_lookup_resolve(struct hci_dev *hdev,
						       bdaddr_t *bdaddr, int state);
void hci_inquiry_cache_update_resolve(struct hci_dev *hdev, struct inquiry_entry *ie);
u32 hci_inquiry_cache_update(struct hci_dev *hdev, struct inquiry_data *data,
			     bool name_known);
void hci_inquiry_cache_flush(struct hci_dev *hdev);

/* Links */
static inline bool hci_conn_ssp_enabled(struct hci_conn *conn)
{
	return hci_dev_test_flag(conn->hdev, HCI_SSP_ENABLED) &&
	       test_bit(HCI_CONN_SSP_ENABLED, &conn->flags);
}

static inline bool hci_conn_sc_enabled(struct hci_conn *conn)
{
	return hci_dev_test_flag(conn->hdev, HCI_SC_ENABLED) &&
	       test_bit(HCI_CONN_SC_ENABLED, &conn->flags);
}

void hci_conn_hash_add(struct hci_dev *hdev, struct hci_conn *c);
void hci_conn_hash_del(struct hci_dev *hdev, struct hci_conn *c);
unsigned int hci_conn_num(struct hci_dev *hdev, u8 type);
unsigned int hci_conn_count(struct hci_dev *hdev);
bool hci_conn_valid(struct hci_dev *hdev, struct hci_conn *conn);
u8 hci_conn_lookup_type(struct hci_dev *hdev, u16 handle);
struct hci_conn *hci_conn_hash_lookup_handle(struct hci_dev *hdev, u16 handle);
struct hci_conn *hci_conn_hash_lookup_ba(struct hci_dev *hdev, u8 type, bdaddr_t *ba);
struct hci_conn *hci_conn_hash_lookup_role(struct hci_dev *hdev, u8 type, u8 role,
					   bdaddr_t *ba);
struct hci_conn *hci_conn_hash_lookup_le(struct hci_dev *hdev, bdaddr_t *ba,
					 u8 ba_type);
struct hci_conn *hci_conn_hash_lookup_state(struct hci_dev *hdev, u8 type, u16 state);
struct hci_conn *hci_conn_hash_lookup_bis(struct hci_dev *hdev, bdaddr_t *ba, u8 big,
					  u8 bis);
struct hci_conn *hci_conn_hash_lookup_cis(struct hci_dev *hdev, bdaddr_t *ba,
					  u8 ba_type, u8 cig, u8 id);
struct hci_conn *hci_conn_hash_lookup_cig(struct hci_dev *hdev, u8 handle);
struct hci_conn *hci_conn_hash_lookup_big(struct hci_dev *hdev, u8 handle);
struct hci_conn *hci_lookup_le_connect(struct hci_dev *hdev);

typedef void (*hci_conn_func_t)(struct hci_conn *conn, void *data);
void hci_conn_hash_list_state(struct hci_dev *hdev, hci_conn_func_t func, u8 type,
			      u16 state, void *data);

struct hci_conn *hci_conn_add(struct hci_dev *hdev, int type, bdaddr_t *dst, u8 role,
			      u16 handle);
struct hci_conn *hci_conn_add_unset(struct hci_dev *hdev, int type, bdaddr_t *dst,
				    u8 role);
int hci_conn_del(struct hci_conn *conn);
void hci_conn_add_sysfs(struct hci_conn *conn);
void hci_conn_del_sysfs(struct hci_conn *conn);
void hci_conn_hash_flush(struct hci_dev *hdev);
void hci_conn_check_pending(struct hci_dev *hdev);
void hci_conn_failed(struct hci_conn *conn, u8 status);
int hci_abort_conn(struct hci_conn *conn, u8 reason);
int hci_disconnect(struct hci_conn *conn, u8 reason);

struct hci_chan *hci_chan_create(struct hci_conn *conn);
void hci_chan_del(struct hci_chan *chan);
void hci_chan_list_flush(struct hci_conn *conn);
struct hci_chan *hci_chan_lookup_handle(struct hci_dev *hdev, u16 handle);

bool hci_setup_sync(struct hci_conn *conn, u16 handle);
void hci_sco_setup(struct hci_conn *conn, u8 status);
bool hci_iso_setup_path(struct hci_conn *conn);
int hci_le_create_cis(struct hci_conn *conn);

struct hci_conn *hci_connect_le_scan(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
				     u8 sec_level, u16 conn_timeout,
				     enum conn_reasons conn_reason);
struct hci_conn *hci_connect_le(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
				bool dst_resolved, u8 sec_level, u16 conn_timeout,
				u8 role);
struct hci_conn *hci_connect_acl(struct hci_dev *hdev, bdaddr_t *dst, u8 sec_level,
				 u8 auth_type, enum conn_reasons conn_reason);
struct hci_conn *hci_connect_sco(struct hci_dev *hdev, int type, bdaddr_t *dst,
				 u16 setting, struct bt_codec *codec);
struct hci_conn *hci_bind_cis(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
			      struct bt_iso_qos *qos);
struct hci_conn *hci_connect_cis(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
				 struct bt_iso_qos *qos);
struct hci_conn *hci_connect_bis(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type,
				 struct bt_iso_qos *qos, u8 data_len, u8 *data);
int hci_pa_create_sync(struct hci_dev *hdev, bdaddr_t *dst, u8 dst_type, u8 sid);
int hci_le_big_create_sync(struct hci_dev *hdev, struct bt_iso_qos *qos,
			   u16 sync_handle, u8 num_bis, u8 bis[]);

int hci_conn_check_link_mode(struct hci_conn *conn);
int hci_conn_check_secure(struct hci_conn *conn, u8 sec_level);
int hci_conn_security(struct hci_conn *conn, u8 sec_level, u8 auth_type, bool initiator);
int hci_conn_switch_role(struct hci_conn *conn, u8 role);
void hci_conn_enter_active_mode(struct hci_conn *conn, u8 force_active);
u32 hci_conn_get_phy(struct hci_conn *conn);
u8 hci_le_conn_update(struct hci_conn *conn, u16 min, u16 max, u16 latency,
		      u16 to_multiplier);
void hci_le_start_enc(struct hci_conn *conn, __le16 ediv, __le64 rand, u8 ltk[16],
		      u8 key_size);
void hci_copy_identity_address(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 *bdaddr_type);

/*
 * The object lives as long as somebody got it; the link, as long as somebody
 * holds it. Whoever holds must have got the object, or rely on who has.
 */
struct hci_conn *hci_conn_get(struct hci_conn *conn);
void hci_conn_put(struct hci_conn *conn);
void hci_conn_hold(struct hci_conn *conn);
void hci_conn_drop(struct hci_conn *conn);

/* Controllers */
#define hci_dev_lock(d)		mutex_lock(&(d)->lock)
#define hci_dev_unlock(d)	mutex_unlock(&(d)->lock)
#define to_hci_dev(d)		container_of(d, struct hci_dev, dev)
#define to_hci_conn(c)		container_of(c, struct hci_conn, dev)

static inline struct hci_dev *hci_dev_hold(struct hci_dev *d)
{
	get_device(&d->dev);
	return d;
}

static inline void hci_dev_put(struct hci_dev *d)
{
	put_device(&d->dev);
}

void hci_sched_tx(struct hci_dev *hdev);
struct hci_dev *hci_get_route(bdaddr_t *dst, bdaddr_t *src, u8 src_type);
struct hci_dev *hci_alloc_dev(void);
void hci_free_dev(struct hci_dev *hdev);
int hci_register_dev(struct hci_dev *hdev);
void hci_unregister_dev(struct hci_dev *hdev);
void hci_release_dev(struct hci_dev *hdev);
int hci_reset_dev(struct hci_dev *hdev);

/* Takes the packet. Return: 0, or negative errno with the packet freed. */
int hci_recv_frame(struct hci_dev *hdev, struct sk_buff *skb);
void hci_event_packet(struct hci_dev *hdev, struct sk_buff *skb);

int hci_send_cmd(struct hci_dev *hdev, u16 opcode, u32 plen, const void *param);
int __hci_cmd_send(struct hci_dev *hdev, u16 opcode, u32 plen, const void *param);
struct sk_buff *hci_prepare_cmd(struct hci_dev *hdev, u16 opcode, u32 plen,
				const void *param);
void hci_send_acl(struct hci_chan *chan, struct sk_buff *skb, u16 flags);
void hci_send_sco(struct hci_conn *conn, struct sk_buff *skb);
void hci_send_iso(struct hci_conn *conn, struct sk_buff *skb);
/* Parameters of the command that was sent last, if it is @opcode. */
void *hci_sent_cmd_data(struct hci_dev *hdev, u16 opcode);
/* Parameters of the event being handled, if it is @event. */
void *hci_recv_event_data(struct hci_dev *hdev, u8 event);
void hci_req_cmd_complete(struct hci_dev *hdev, u16 opcode, u8 status,
			  hci_req_complete_t *req_complete,
			  hci_req_complete_skb_t *req_complete_skb);

/* Lists of addresses */
struct bdaddr_list *hci_bdaddr_list_lookup(struct list_head *list, bdaddr_t *bdaddr,
					   u8 type);
struct bdaddr_list_with_irk *hci_bdaddr_list_lookup_with_irk(struct list_head *list,
							     bdaddr_t *bdaddr, u8 type);
struct bdaddr_list_with_flags *hci_bdaddr_list_lookup_with_flags(struct list_head *list,
								 bdaddr_t *bdaddr,
								 u8 type);
int hci_bdaddr_list_add(struct list_head *list, bdaddr_t *bdaddr, u8 type);
int hci_bdaddr_list_add_with_irk(struct list_head *list, bdaddr_t *bdaddr, u8 type,
				 u8 *peer_irk, u8 *local_irk);
int hci_bdaddr_list_add_with_flags(struct list_head *list, bdaddr_t *bdaddr, u8 type,
				   u32 flags);
int hci_bdaddr_list_del(struct list_head *list, bdaddr_t *bdaddr, u8 type);
int hci_bdaddr_list_del_with_irk(struct list_head *list, bdaddr_t *bdaddr, u8 type);
void hci_bdaddr_list_clear(struct list_head *list);

struct hci_conn_params *hci_conn_params_lookup(struct hci_dev *hdev, bdaddr_t *addr,
					       u8 addr_type);
struct hci_conn_params *hci_conn_params_add(struct hci_dev *hdev, bdaddr_t *addr,
					    u8 addr_type);
void hci_conn_params_del(struct hci_dev *hdev, bdaddr_t *addr, u8 addr_type);
void hci_conn_params_clear_all(struct hci_dev *hdev);
void hci_conn_params_free(struct hci_conn_params *param);
void hci_pend_le_list_del_init(struct hci_conn_params *param);
void hci_pend_le_list_add(struct hci_conn_params *param, struct list_head *list);
struct hci_conn_params *hci_pend_le_action_lookup(struct list_head *list,
						  bdaddr_t *addr, u8 addr_type);
void hci_uuids_clear(struct hci_dev *hdev);

/* Keys */
void hci_link_keys_clear(struct hci_dev *hdev);
struct link_key *hci_find_link_key(struct hci_dev *hdev, bdaddr_t *bdaddr);
struct link_key *hci_add_link_key(struct hci_dev *hdev, struct hci_conn *conn,
				  bdaddr_t *bdaddr, u8 *val, u8 type, u8 pin_len,
				  bool *persistent);
int hci_remove_link_key(struct hci_dev *hdev, bdaddr_t *bdaddr);
struct smp_ltk *hci_add_ltk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type,
			    u8 type, u8 authenticated, u8 tk[16], u8 enc_size,
			    __le16 ediv, __le64 rand);
struct smp_ltk *hci_find_ltk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type,
			     u8 role);
int hci_remove_ltk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 bdaddr_type);
void hci_smp_ltks_clear(struct hci_dev *hdev);
struct smp_irk *hci_find_irk_by_rpa(struct hci_dev *hdev, bdaddr_t *rpa);
struct smp_irk *hci_find_irk_by_addr(struct hci_dev *hdev, bdaddr_t *bdaddr,
				     u8 addr_type);
struct smp_irk *hci_add_irk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type,
			    u8 val[16], bdaddr_t *rpa);
void hci_remove_irk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type);
void hci_smp_irks_clear(struct hci_dev *hdev);
struct smp_irk *hci_get_irk(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 addr_type);
bool hci_is_blocked_key(struct hci_dev *hdev, u8 type, u8 val[16]);
void hci_blocked_keys_clear(struct hci_dev *hdev);
bool hci_bdaddr_is_paired(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 type);
void hci_remote_oob_data_clear(struct hci_dev *hdev);
struct oob_data *hci_find_remote_oob_data(struct hci_dev *hdev, bdaddr_t *bdaddr,
					  u8 bdaddr_type);
int hci_add_remote_oob_data(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 bdaddr_type,
			    u8 *hash192, u8 *rand192, u8 *hash256, u8 *rand256);
int hci_remove_remote_oob_data(struct hci_dev *hdev, bdaddr_t *bdaddr, u8 bdaddr_type);

/* Advertising */
void hci_adv_instances_clear(struct hci_dev *hdev);
struct adv_info *hci_find_adv_instance(struct hci_dev *hdev, u8 instance);
struct adv_info *hci_get_next_instance(struct hci_dev *hdev, u8 instance);
struct adv_info *hci_add_adv_instance(struct hci_dev *hdev, u8 instance, u32 flags,
				      u16 adv_data_len, u8 *adv_data, u16 scan_rsp_len,
				      u8 *scan_rsp_data, u16 timeout, u16 duration,
				      s8 tx_power, u32 min_interval, u32 max_interval,
				      u8 mesh_handle);
int hci_remove_adv_instance(struct hci_dev *hdev, u8 instance);
void hci_adv_instances_set_rpa_expired(struct hci_dev *hdev, bool rpa_expired);
u32 hci_adv_instance_flags(struct hci_dev *hdev, u8 instance);
void hci_adv_instances_set_rpa_expired(struct hci_dev *hdev, bool rpa_expired);
bool hci_is_adv_monitoring(struct hci_dev *hdev);

static inline bool hci_bdaddr_is_rpa(bdaddr_t *bdaddr, u8 addr_type)
{
	return addr_type == ADDR_LE_DEV_RANDOM && (bdaddr->b[5] & 0xc0) == 0x40;
}

static inline bool hci_is_identity_address(bdaddr_t *addr, u8 addr_type)
{
	return addr_type == ADDR_LE_DEV_PUBLIC || (addr->b[5] & 0xc0) == 0xc0;
}

/* Connection parameters as the peer may ask for them. Return: 0 or -EINVAL. */
int hci_check_conn_params(u16 min, u16 max, u16 latency, u16 to_multiplier);

#define DISCOV_TYPE_BREDR		(BIT(BDADDR_BREDR))
#define DISCOV_TYPE_LE			(BIT(BDADDR_LE_PUBLIC) | BIT(BDADDR_LE_RANDOM))
#define DISCOV_TYPE_INTERLEAVED		(DISCOV_TYPE_BREDR | DISCOV_TYPE_LE)
#define DISCOV_LE_SCAN_WIN		0x12
#define DISCOV_LE_SCAN_INT		0x12
#define DISCOV_LE_TIMEOUT		10240
#define DISCOV_INTERLEAVED_TIMEOUT	5120
#define DISCOV_INTERLEAVED_INQUIRY_LEN	0x04
#define DISCOV_BREDR_INQUIRY_LEN	0x08
#define DISCOV_LE_RESTART_DELAY		msecs_to_jiffies(200)
#define NAME_RESOLVE_DURATION		msecs_to_jiffies(10240)

#define SCO_AIRMODE_MASK		0x0003
#define SCO_AIRMODE_CVSD		0x0000
#define SCO_AIRMODE_TRANSP		0x0003
#define LOCAL_CODEC_ACL_MASK		BIT(0)
#define LOCAL_CODEC_SCO_MASK		BIT(1)
#define TRANSPORT_TYPE_MAX		0x04

#include <net/bluetooth/mgmt.h>

#endif /* __HCI_CORE_H */
