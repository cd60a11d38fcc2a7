/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of <net/bluetooth/hci.h>: parameters of the commands to the LE controller.
 * Faithful, as <net/bluetooth/hci_cmd.h> says.
 */
#ifndef __BLUETOOTH_HCI_CMD_LE_H
#define __BLUETOOTH_HCI_CMD_LE_H

#define HCI_OP_LE_SET_EVENT_MASK		0x2001
#define HCI_OP_LE_READ_BUFFER_SIZE		0x2002
#define HCI_OP_LE_READ_LOCAL_FEATURES		0x2003
#define HCI_OP_LE_SET_RANDOM_ADDR		0x2005
#define HCI_OP_LE_SET_ADV_PARAM			0x2006
#define HCI_OP_LE_READ_ADV_TX_POWER		0x2007
#define HCI_OP_LE_SET_ADV_DATA			0x2008
#define HCI_OP_LE_SET_SCAN_RSP_DATA		0x2009
#define HCI_OP_LE_SET_ADV_ENABLE		0x200a
#define HCI_OP_LE_SET_SCAN_PARAM		0x200b
#define HCI_OP_LE_SET_SCAN_ENABLE		0x200c
#define HCI_OP_LE_CREATE_CONN			0x200d
#define HCI_OP_LE_CREATE_CONN_CANCEL		0x200e
#define HCI_OP_LE_READ_ACCEPT_LIST_SIZE		0x200f
#define HCI_OP_LE_CLEAR_ACCEPT_LIST		0x2010
#define HCI_OP_LE_ADD_TO_ACCEPT_LIST		0x2011
#define HCI_OP_LE_DEL_FROM_ACCEPT_LIST		0x2012
#define HCI_OP_LE_CONN_UPDATE			0x2013
#define HCI_OP_LE_READ_REMOTE_FEATURES		0x2016
#define HCI_OP_LE_START_ENC			0x2019
#define HCI_OP_LE_LTK_REPLY			0x201a
#define HCI_OP_LE_LTK_NEG_REPLY			0x201b
#define HCI_OP_LE_READ_SUPPORTED_STATES		0x201c
#define HCI_OP_LE_CONN_PARAM_REQ_REPLY		0x2020
#define HCI_OP_LE_CONN_PARAM_REQ_NEG_REPLY	0x2021
#define HCI_OP_LE_SET_DATA_LEN			0x2022
#define HCI_OP_LE_READ_DEF_DATA_LEN		0x2023
#define HCI_OP_LE_WRITE_DEF_DATA_LEN		0x2024
#define HCI_OP_LE_ADD_TO_RESOLV_LIST		0x2027
#define HCI_OP_LE_DEL_FROM_RESOLV_LIST		0x2028
#define HCI_OP_LE_CLEAR_RESOLV_LIST		0x2029
#define HCI_OP_LE_READ_RESOLV_LIST_SIZE		0x202a
#define HCI_OP_LE_SET_ADDR_RESOLV_ENABLE	0x202d
#define HCI_OP_LE_SET_RPA_TIMEOUT		0x202e
#define HCI_OP_LE_READ_MAX_DATA_LEN		0x202f
#define HCI_OP_LE_SET_DEFAULT_PHY		0x2031
#define HCI_OP_LE_SET_ADV_SET_RAND_ADDR		0x2035
#define HCI_OP_LE_SET_EXT_ADV_PARAMS		0x2036
#define HCI_OP_LE_SET_EXT_ADV_DATA		0x2037
#define HCI_OP_LE_SET_EXT_SCAN_RSP_DATA		0x2038
#define HCI_OP_LE_SET_EXT_ADV_ENABLE		0x2039
#define HCI_OP_LE_READ_NUM_SUPPORTED_ADV_SETS	0x203b
#define HCI_OP_LE_REMOVE_ADV_SET		0x203c
#define HCI_OP_LE_CLEAR_ADV_SETS		0x203d
#define HCI_OP_LE_SET_PER_ADV_PARAMS		0x203e
#define HCI_OP_LE_SET_PER_ADV_DATA		0x203f
#define HCI_OP_LE_SET_PER_ADV_ENABLE		0x2040
#define HCI_OP_LE_SET_EXT_SCAN_PARAMS		0x2041
#define HCI_OP_LE_SET_EXT_SCAN_ENABLE		0x2042
#define HCI_OP_LE_EXT_CREATE_CONN		0x2043
#define HCI_OP_LE_PA_CREATE_SYNC		0x2044
#define HCI_OP_LE_PA_TERM_SYNC			0x2046
#define HCI_OP_LE_READ_TRANSMIT_POWER		0x204b
#define HCI_OP_LE_SET_PRIVACY_MODE		0x204e
#define HCI_OP_LE_READ_BUFFER_SIZE_V2		0x2060
#define HCI_OP_LE_READ_ISO_TX_SYNC		0x2061
#define HCI_OP_LE_SET_CIG_PARAMS		0x2062
#define HCI_OP_LE_CREATE_CIS			0x2064
#define HCI_OP_LE_REMOVE_CIG			0x2065
#define HCI_OP_LE_ACCEPT_CIS			0x2066
#define HCI_OP_LE_REJECT_CIS			0x2067
#define HCI_OP_LE_CREATE_BIG			0x2068
#define HCI_OP_LE_TERM_BIG			0x206a
#define HCI_OP_LE_BIG_CREATE_SYNC		0x206b
#define HCI_OP_LE_BIG_TERM_SYNC			0x206c
#define HCI_OP_LE_SETUP_ISO_PATH		0x206e
#define HCI_OP_LE_SET_HOST_FEATURE		0x2074

/* Values of single parameters */
#define HCI_MIN_LE_MTU			0x001b
#define HCI_MAX_AD_LENGTH		31
#define LE_SCAN_PASSIVE			0x00
#define LE_SCAN_ACTIVE			0x01
#define LE_SCAN_DISABLE			0x00
#define LE_SCAN_ENABLE			0x01
#define LE_SCAN_FILTER_DUP_DISABLE	0x00
#define LE_SCAN_FILTER_DUP_ENABLE	0x01
#define HCI_LE_USE_PEER_ADDR		0x00
#define HCI_LE_USE_ACCEPT_LIST		0x01
#define HCI_LE_SET_PHY_1M		0x01
#define HCI_LE_SET_PHY_2M		0x02
#define HCI_LE_SET_PHY_CODED		0x04
#define LE_SCAN_PHY_1M			0x01
#define LE_SCAN_PHY_2M			0x02
#define LE_SCAN_PHY_CODED		0x04
#define HCI_ADV_PHY_1M			0x01
#define HCI_ADV_PHY_2M			0x02
#define HCI_ADV_PHY_CODED		0x03
#define HCI_MAX_EXT_AD_LENGTH		251
#define HCI_MAX_PER_AD_LENGTH		252
#define LE_SET_ADV_DATA_OP_COMPLETE	0x03
#define LE_SET_ADV_DATA_NO_FRAG		0x01
#define HCI_NETWORK_PRIVACY		0x00
#define HCI_DEVICE_PRIVACY		0x01

struct hci_cp_write_le_host_supported {
	u8 le;
	u8 simul;
} __packed;

struct hci_cp_le_set_event_mask {
	u8 mask[8];
} __packed;

struct hci_rp_le_read_buffer_size {
	u8 status;
	__le16 le_mtu;
	u8 le_max_pkt;
} __packed;

struct hci_rp_le_read_local_features {
	u8 status;
	u8 features[8];
} __packed;

struct hci_cp_le_set_adv_param {
	__le16 min_interval;
	__le16 max_interval;
	u8 type;
	u8 own_address_type;
	u8 direct_addr_type;
	bdaddr_t direct_addr;
	u8 channel_map;
	u8 filter_policy;
} __packed;

struct hci_rp_le_read_adv_tx_power {
	u8 status;
	s8 tx_power;
} __packed;

struct hci_cp_le_set_adv_data {
	u8 length;
	u8 data[HCI_MAX_AD_LENGTH];
} __packed;

struct hci_cp_le_set_scan_rsp_data {
	u8 length;
	u8 data[HCI_MAX_AD_LENGTH];
} __packed;

struct hci_cp_le_set_scan_param {
	u8 type;
	__le16 interval;
	__le16 window;
	u8 own_address_type;
	u8 filter_policy;
} __packed;

struct hci_cp_le_set_scan_enable {
	u8 enable;
	u8 filter_dup;
} __packed;

struct hci_cp_le_create_conn {
	__le16 scan_interval;
	__le16 scan_window;
	u8 filter_policy;
	u8 peer_addr_type;
	bdaddr_t peer_addr;
	u8 own_address_type;
	__le16 conn_interval_min;
	__le16 conn_interval_max;
	__le16 conn_latency;
	__le16 supervision_timeout;
	__le16 min_ce_len;
	__le16 max_ce_len;
} __packed;

struct hci_rp_le_read_accept_list_size {
	u8 status;
	u8 size;
} __packed;

struct hci_cp_le_add_to_accept_list {
	u8 bdaddr_type;
	bdaddr_t bdaddr;
} __packed;

struct hci_cp_le_del_from_accept_list {
	u8 bdaddr_type;
	bdaddr_t bdaddr;
} __packed;

struct hci_cp_le_conn_update {
	__le16 handle;
	__le16 conn_interval_min;
	__le16 conn_interval_max;
	__le16 conn_latency;
	__le16 supervision_timeout;
	__le16 min_ce_len;
	__le16 max_ce_len;
} __packed;

struct hci_cp_le_read_remote_features {
	__le16 handle;
} __packed;

struct hci_cp_le_start_enc {
	__le16 handle;
	__le64 rand;
	__le16 ediv;
	u8 ltk[16];
} __packed;

struct hci_cp_le_ltk_reply {
	__le16 handle;
	u8 ltk[16];
} __packed;

struct hci_rp_le_ltk_reply {
	u8 status;
	__le16 handle;
} __packed;

struct hci_cp_le_ltk_neg_reply {
	__le16 handle;
} __packed;

struct hci_rp_le_ltk_neg_reply {
	u8 status;
	__le16 handle;
} __packed;

struct hci_rp_le_read_supported_states {
	u8 status;
	u8 le_states[8];
} __packed;

struct hci_cp_le_conn_param_req_reply {
	__le16 handle;
	__le16 interval_min;
	__le16 interval_max;
	__le16 latency;
	__le16 timeout;
	__le16 min_ce_len;
	__le16 max_ce_len;
} __packed;

struct hci_cp_le_conn_param_req_neg_reply {
	__le16 handle;
	u8 reason;
} __packed;

struct hci_cp_le_set_data_len {
	__le16 handle;
	__le16 tx_len;
	__le16 tx_time;
} __packed;

struct hci_rp_le_set_data_len {
	u8 status;
	__le16 handle;
} __packed;

struct hci_rp_le_read_def_data_len {
	u8 status;
	__le16 tx_len;
	__le16 tx_time;
} __packed;

struct hci_cp_le_write_def_data_len {
	__le16 tx_len;
	__le16 tx_time;
} __packed;

struct hci_cp_le_add_to_resolv_list {
	u8 bdaddr_type;
	bdaddr_t bdaddr;
	u8 peer_irk[16];
	u8 local_irk[16];
} __packed;

struct hci_cp_le_del_from_resolv_list {
	u8 bdaddr_type;
	bdaddr_t bdaddr;
} __packed;

struct hci_rp_le_read_resolv_list_size {
	u8 status;
	u8 size;
} __packed;

struct hci_rp_le_read_max_data_len {
	u8 status;
	__le16 tx_len;
	__le16 tx_time;
	__le16 rx_len;
	__le16 rx_time;
} __packed;

struct hci_cp_le_set_default_phy {
	u8 all_phys;
	u8 tx_phys;
	u8 rx_phys;
} __packed;

struct hci_cp_le_set_ext_scan_params {
	u8 own_addr_type;
	u8 filter_policy;
	u8 scanning_phys;
	u8 data[];
} __packed;

struct hci_cp_le_scan_phy_params {
	u8 type;
	__le16 interval;
	__le16 window;
} __packed;

struct hci_cp_le_set_ext_scan_enable {
	u8 enable;
	u8 filter_dup;
	__le16 duration;
	__le16 period;
} __packed;

struct hci_cp_le_ext_create_conn {
	u8 filter_policy;
	u8 own_addr_type;
	u8 peer_addr_type;
	bdaddr_t peer_addr;
	u8 phys;
	u8 data[];
} __packed;

struct hci_cp_le_ext_conn_param {
	__le16 scan_interval;
	__le16 scan_window;
	__le16 conn_interval_min;
	__le16 conn_interval_max;
	__le16 conn_latency;
	__le16 supervision_timeout;
	__le16 min_ce_len;
	__le16 max_ce_len;
} __packed;

struct hci_cp_le_pa_create_sync {
	u8 options;
	u8 sid;
	u8 addr_type;
	bdaddr_t addr;
	__le16 skip;
	__le16 sync_timeout;
	u8 sync_cte_type;
} __packed;

struct hci_cp_le_pa_term_sync {
	__le16 handle;
} __packed;

struct hci_rp_le_read_num_supported_adv_sets {
	u8 status;
	u8 num_of_sets;
} __packed;

struct hci_cp_le_set_ext_adv_params {
	u8 handle;
	__le16 evt_properties;
	u8 min_interval[3];
	u8 max_interval[3];
	u8 channel_map;
	u8 own_addr_type;
	u8 peer_addr_type;
	bdaddr_t peer_addr;
	u8 filter_policy;
	u8 tx_power;
	u8 primary_phy;
	u8 secondary_max_skip;
	u8 secondary_phy;
	u8 sid;
	u8 notif_enable;
} __packed;

struct hci_rp_le_set_ext_adv_params {
	u8 status;
	u8 tx_power;
} __packed;

struct hci_cp_ext_adv_set {
	u8 handle;
	__le16 duration;
	u8 max_events;
} __packed;

struct hci_cp_le_set_ext_adv_data {
	u8 handle;
	u8 operation;
	u8 frag_pref;
	u8 length;
	u8 data[];
} __packed;

struct hci_cp_le_set_ext_scan_rsp_data {
	u8 handle;
	u8 operation;
	u8 frag_pref;
	u8 length;
	u8 data[];
} __packed;

struct hci_cp_le_set_ext_adv_enable {
	u8 enable;
	u8 num_of_sets;
	u8 data[];
} __packed;

struct hci_cp_le_set_per_adv_params {
	u8 handle;
	__le16 min_interval;
	__le16 max_interval;
	__le16 periodic_properties;
} __packed;

struct hci_cp_le_set_per_adv_data {
	u8 handle;
	u8 operation;
	u8 length;
	u8 data[];
} __packed;

struct hci_cp_le_set_per_adv_enable {
	u8 enable;
	u8 handle;
} __packed;

struct hci_cp_le_set_adv_set_rand_addr {
	u8 handle;
	bdaddr_t bdaddr;
} __packed;

struct hci_rp_le_read_transmit_power {
	u8 status;
	s8 min_le_tx_power;
	s8 max_le_tx_power;
} __packed;

struct hci_cp_le_set_privacy_mode {
	u8 bdaddr_type;
	bdaddr_t bdaddr;
	u8 mode;
} __packed;

struct hci_rp_le_read_buffer_size_v2 {
	u8 status;
	__le16 acl_mtu;
	u8 acl_max_pkt;
	__le16 iso_mtu;
	u8 iso_max_pkt;
} __packed;

struct hci_cp_le_read_iso_tx_sync {
	__le16 handle;
} __packed;

struct hci_rp_le_read_iso_tx_sync {
	u8 status;
	__le16 handle;
	__le16 seq;
	__le32 imestamp;
	u8 offset[3];
} __packed;

struct hci_cis_params {
	u8 cis_id;
	__le16 c_sdu;
	__le16 p_sdu;
	u8 c_phy;
	u8 p_phy;
	u8 c_rtn;
	u8 p_rtn;
} __packed;

struct hci_cp_le_set_cig_params {
	u8 cig_id;
	u8 c_interval[3];
	u8 p_interval[3];
	u8 sca;
	u8 packing;
	u8 framing;
	__le16 c_latency;
	__le16 p_latency;
	u8 num_cis;
	struct hci_cis_params cis[];
} __packed;

struct hci_rp_le_set_cig_params {
	u8 status;
	u8 cig_id;
	u8 num_handles;
	__le16 handle[];
} __packed;

struct hci_cis {
	__le16 cis_handle;
	__le16 acl_handle;
} __packed;

struct hci_cp_le_create_cis {
	u8 num_cis;
	struct hci_cis cis[];
} __packed;

struct hci_cp_le_remove_cig {
	u8 cig_id;
} __packed;

struct hci_cp_le_accept_cis {
	__le16 handle;
} __packed;

struct hci_cp_le_reject_cis {
	__le16 handle;
	u8 reason;
} __packed;

struct hci_bis {
	u8 sdu_interval[3];
	__le16 sdu;
	__le16 latency;
	u8 rtn;
	u8 phy;
	u8 packing;
	u8 framing;
	u8 encryption;
	u8 bcode[16];
} __packed;

struct hci_cp_le_create_big {
	u8 handle;
	u8 adv_handle;
	u8 num_bis;
	struct hci_bis bis;
} __packed;

struct hci_cp_le_term_big {
	u8 handle;
	u8 reason;
} __packed;

struct hci_cp_le_big_create_sync {
	u8 handle;
	__le16 sync_handle;
	u8 encryption;
	u8 bcode[16];
	u8 mse;
	__le16 timeout;
	u8 num_bis;
	u8 bis[];
} __packed;

struct hci_cp_le_big_term_sync {
	u8 handle;
} __packed;

struct hci_cp_le_setup_iso_path {
	__le16 handle;
	u8 direction;
	u8 path;
	u8 codec;
	__le16 codec_cid;
	__le16 codec_vid;
	u8 delay[3];
	u8 codec_cfg_len;
	u8 codec_cfg[];
} __packed;

struct hci_rp_le_setup_iso_path {
	u8 status;
	__le16 handle;
} __packed;

struct hci_cp_le_set_host_feature {
	u8 bit_number;
	u8 bit_value;
} __packed;

#endif /* __BLUETOOTH_HCI_CMD_LE_H */
