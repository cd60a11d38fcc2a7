/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The host controller interface: constants, packet headers, handles.
 *
 * Faithful: values and layouts of the Bluetooth Core Specification, Vol 4, and the
 * host's own flags, under the names of Linux 6.1. Left out: buses, sockets,
 * vendor events.
 */
#ifndef __HCI_H
#define __HCI_H

#include <linux/byteorder.h>
#include <linux/jiffies.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include <net/bluetooth/bluetooth.h>

/* Largest packets */
#define HCI_MAX_ACL_SIZE		1024
#define HCI_MAX_SCO_SIZE		255
#define HCI_MAX_ISO_SIZE		251
#define HCI_MAX_EVENT_SIZE		260
#define HCI_MAX_FRAME_SIZE		(HCI_MAX_ACL_SIZE + 4)
#define HCI_LINK_KEY_SIZE		16
#define HCI_MAX_CPB_DATA_SIZE		252

/* How long the host waits */
#define HCI_DISCONN_TIMEOUT		msecs_to_jiffies(2000)
#define HCI_PAIRING_TIMEOUT		msecs_to_jiffies(60000)
#define HCI_INIT_TIMEOUT		msecs_to_jiffies(10000)
#define HCI_CMD_TIMEOUT			msecs_to_jiffies(2000)
#define HCI_NCMD_TIMEOUT		msecs_to_jiffies(4000)
#define HCI_ACL_TX_TIMEOUT		msecs_to_jiffies(45000)
#define HCI_AUTO_OFF_TIMEOUT		msecs_to_jiffies(2000)
#define HCI_LE_CONN_TIMEOUT		msecs_to_jiffies(20000)
#define HCI_LE_AUTOCONN_TIMEOUT		msecs_to_jiffies(4000)

/* Packet indicators of the UART transport (H4) */
#define HCI_COMMAND_PKT			0x01
#define HCI_ACLDATA_PKT			0x02
#define HCI_SCODATA_PKT			0x03
#define HCI_EVENT_PKT			0x04
#define HCI_ISODATA_PKT			0x05
#define HCI_DIAG_PKT			0xf0
#define HCI_VENDOR_PKT			0xff

/* ACL and SCO packet types; the EDR bits (2DHx, 3DHx) say which not to use */
#define HCI_DM1				0x0008
#define HCI_DM3				0x0400
#define HCI_DM5				0x4000
#define HCI_DH1				0x0010
#define HCI_DH3				0x0800
#define HCI_DH5				0x8000
#define HCI_2DH1			0x0002
#define HCI_3DH1			0x0004
#define HCI_2DH3			0x0100
#define HCI_3DH3			0x0200
#define HCI_2DH5			0x1000
#define HCI_3DH5			0x2000
#define HCI_HV1				0x0020
#define HCI_HV2				0x0040
#define HCI_HV3				0x0080
#define SCO_PTYPE_MASK			(HCI_HV1 | HCI_HV2 | HCI_HV3)
#define ACL_PTYPE_MASK			(~SCO_PTYPE_MASK)

/* eSCO packet types */
#define ESCO_HV1			0x0001
#define ESCO_HV2			0x0002
#define ESCO_HV3			0x0004
#define ESCO_EV3			0x0008
#define ESCO_EV4			0x0010
#define ESCO_EV5			0x0020
#define ESCO_2EV3			0x0040
#define ESCO_3EV3			0x0080
#define ESCO_2EV5			0x0100
#define ESCO_3EV5			0x0200
#define SCO_ESCO_MASK			(ESCO_HV1 | ESCO_HV2 | ESCO_HV3)
#define EDR_ESCO_MASK			(ESCO_2EV3 | ESCO_3EV3 | ESCO_2EV5 | ESCO_3EV5)
#define ESCO_LINK			0x02

/* Packet boundary and broadcast flags of ACL data */
#define ACL_START_NO_FLUSH		0x00
#define ACL_CONT			0x01
#define ACL_START			0x02
#define ACL_COMPLETE			0x03
#define ACL_ACTIVE_BCAST		0x04
#define ACL_PICO_BCAST			0x08

/* Packet boundary and time stamp flags of ISO data */
#define ISO_START			0x00
#define ISO_CONT			0x01
#define ISO_SINGLE			0x02
#define ISO_END				0x03
#define ISO_TS				0x01

/* Link types; the controller gives LE and ISO links none, 0x80 and 0x82 are ours */
#define SCO_LINK			0x00
#define ACL_LINK			0x01
#define LE_LINK				0x80
#define ISO_LINK			0x82
#define INVALID_LINK			0xff

/* Bits of the LMP feature pages, byte by byte (see the lmp_*_capable() tests) */
#define LMP_3SLOT			0x01
#define LMP_5SLOT			0x02
#define LMP_ENCRYPT			0x04
#define LMP_SOFFSET			0x08
#define LMP_TACCURACY			0x10
#define LMP_RSWITCH			0x20
#define LMP_HOLD			0x40
#define LMP_SNIFF			0x80
#define LMP_PARK			0x01
#define LMP_RSSI			0x02
#define LMP_QUALITY			0x04
#define LMP_SCO				0x08
#define LMP_HV2				0x10
#define LMP_HV3				0x20
#define LMP_ULAW			0x40
#define LMP_ALAW			0x80
#define LMP_CVSD			0x01
#define LMP_PSCHEME			0x02
#define LMP_PCONTROL			0x04
#define LMP_TRANSPARENT			0x08
#define LMP_EDR_2M			0x02
#define LMP_EDR_3M			0x04
#define LMP_RSSI_INQ			0x40
#define LMP_ESCO			0x80
#define LMP_EV4				0x01
#define LMP_EV5				0x02
#define LMP_NO_BREDR			0x20
#define LMP_LE				0x40
#define LMP_EDR_3SLOT			0x80
#define LMP_EDR_5SLOT			0x01
#define LMP_SNIFF_SUBR			0x02
#define LMP_PAUSE_ENC			0x04
#define LMP_EDR_ESCO_2M			0x20
#define LMP_EDR_ESCO_3M			0x40
#define LMP_EDR_3S_ESCO			0x80
#define LMP_EXT_INQ			0x01
#define LMP_SIMUL_LE_BR			0x02
#define LMP_SIMPLE_PAIR			0x08
#define LMP_ERR_DATA_REPORTING		0x20
#define LMP_NO_FLUSH			0x40
#define LMP_LSTO			0x01
#define LMP_INQ_TX_PWR			0x02
#define LMP_EXTFEATURES			0x80
#define LMP_CPB_CENTRAL			0x01
#define LMP_CPB_PERIPHERAL		0x02
#define LMP_SYNC_TRAIN			0x04
#define LMP_SYNC_SCAN			0x08
#define LMP_SC				0x01
#define LMP_PING			0x02
#define LMP_HOST_SSP			0x01
#define LMP_HOST_LE			0x02
#define LMP_HOST_LE_BREDR		0x04
#define LMP_HOST_SC			0x08

/* Bits of the LE feature bytes */
#define HCI_LE_ENCRYPTION		0x01
#define HCI_LE_CONN_PARAM_REQ_PROC	0x02
#define HCI_LE_PERIPHERAL_FEATURES	0x08
#define HCI_LE_PING			0x10
#define HCI_LE_DATA_LEN_EXT		0x20
#define HCI_LE_LL_PRIVACY		0x40
#define HCI_LE_EXT_SCAN_POLICY		0x80
#define HCI_LE_PHY_2M			0x01
#define HCI_LE_PHY_CODED		0x08
#define HCI_LE_EXT_ADV			0x10
#define HCI_LE_PERIODIC_ADV		0x20
#define HCI_LE_CHAN_SEL_ALG2		0x40
#define HCI_LE_CIS_CENTRAL		0x10
#define HCI_LE_CIS_PERIPHERAL		0x20
#define HCI_LE_ISO_BROADCASTER		0x40

/* Modes of a connection */
#define HCI_CM_ACTIVE			0x0000
#define HCI_CM_HOLD			0x0001
#define HCI_CM_SNIFF			0x0002
#define HCI_CM_PARK			0x0003

/* Link policies */
#define HCI_LP_RSWITCH			0x0001
#define HCI_LP_HOLD			0x0002
#define HCI_LP_SNIFF			0x0004
#define HCI_LP_PARK			0x0008

/* Link modes */
#define HCI_LM_ACCEPT			0x8000
#define HCI_LM_MASTER			0x0001
#define HCI_LM_AUTH			0x0002
#define HCI_LM_ENCRYPT			0x0004
#define HCI_LM_TRUSTED			0x0008
#define HCI_LM_RELIABLE			0x0010
#define HCI_LM_SECURE			0x0020
#define HCI_LM_FIPS			0x0040

/* Authentication requirements */
#define HCI_AT_NO_BONDING		0x00
#define HCI_AT_NO_BONDING_MITM		0x01
#define HCI_AT_DEDICATED_BONDING	0x02
#define HCI_AT_DEDICATED_BONDING_MITM	0x03
#define HCI_AT_GENERAL_BONDING		0x04
#define HCI_AT_GENERAL_BONDING_MITM	0x05

/* Input and output capabilities */
#define HCI_IO_DISPLAY_ONLY		0x00
#define HCI_IO_DISPLAY_YESNO		0x01
#define HCI_IO_KEYBOARD_ONLY		0x02
#define HCI_IO_NO_INPUT_OUTPUT		0x03

/* Types of link keys */
#define HCI_LK_COMBINATION		0x00
#define HCI_LK_LOCAL_UNIT		0x01
#define HCI_LK_REMOTE_UNIT		0x02
#define HCI_LK_DEBUG_COMBINATION	0x03
#define HCI_LK_UNAUTH_COMBINATION_P192	0x04
#define HCI_LK_AUTH_COMBINATION_P192	0x05
#define HCI_LK_CHANGED_COMBINATION	0x06
#define HCI_LK_UNAUTH_COMBINATION_P256	0x07
#define HCI_LK_AUTH_COMBINATION_P256	0x08

/* Error codes, Core Specification Vol 1 Part F */
#define HCI_ERROR_UNKNOWN_CONN_ID	0x02
#define HCI_ERROR_AUTH_FAILURE		0x05
#define HCI_ERROR_PIN_OR_KEY_MISSING	0x06
#define HCI_ERROR_MEMORY_EXCEEDED	0x07
#define HCI_ERROR_CONNECTION_TIMEOUT	0x08
#define HCI_ERROR_COMMAND_DISALLOWED	0x0c
#define HCI_ERROR_REJ_LIMITED_RESOURCES	0x0d
#define HCI_ERROR_REJ_BAD_ADDR		0x0f
#define HCI_ERROR_INVALID_PARAMETERS	0x12
#define HCI_ERROR_REMOTE_USER_TERM	0x13
#define HCI_ERROR_REMOTE_LOW_RESOURCES	0x14
#define HCI_ERROR_REMOTE_POWER_OFF	0x15
#define HCI_ERROR_LOCAL_HOST_TERM	0x16
#define HCI_ERROR_PAIRING_NOT_ALLOWED	0x18
#define HCI_ERROR_UNSUPPORTED_REMOTE_FEATURE	0x1a
#define HCI_ERROR_INVALID_LL_PARAMS	0x1e
#define HCI_ERROR_UNSPECIFIED		0x1f
#define HCI_ERROR_ADVERTISING_TIMEOUT	0x3c
#define HCI_ERROR_CANCELLED_BY_HOST	0x44

/* Roles, flow control, values that say "not known" */
#define HCI_FLOW_CTL_MODE_PACKET_BASED	0x00
#define HCI_FLOW_CTL_MODE_BLOCK_BASED	0x01
#define HCI_TX_POWER_INVALID		127
#define HCI_RSSI_INVALID		127
#define HCI_ROLE_MASTER			0x00
#define HCI_ROLE_SLAVE			0x01

/* Fields of extended inquiry responses and advertising data */
#define EIR_FLAGS			0x01
#define EIR_UUID16_SOME			0x02
#define EIR_UUID16_ALL			0x03
#define EIR_UUID32_SOME			0x04
#define EIR_UUID32_ALL			0x05
#define EIR_UUID128_SOME		0x06
#define EIR_UUID128_ALL			0x07
#define EIR_NAME_SHORT			0x08
#define EIR_NAME_COMPLETE		0x09
#define EIR_TX_POWER			0x0a
#define EIR_CLASS_OF_DEV		0x0d
#define EIR_SSP_HASH_C192		0x0e
#define EIR_SSP_RAND_R192		0x0f
#define EIR_DEVICE_ID			0x10
#define EIR_APPEARANCE			0x19
#define EIR_SERVICE_DATA		0x16
#define EIR_LE_BDADDR			0x1b
#define EIR_LE_ROLE			0x1c
#define EIR_SSP_HASH_C256		0x1d
#define EIR_SSP_RAND_R256		0x1e
#define EIR_LE_SC_CONFIRM		0x22
#define EIR_LE_SC_RANDOM		0x23

/* Bits of the Flags field */
#define LE_AD_LIMITED			0x01
#define LE_AD_GENERAL			0x02
#define LE_AD_NO_BREDR			0x04
#define LE_AD_SIM_LE_BREDR_CTRL		0x08
#define LE_AD_SIM_LE_BREDR_HOST		0x10

/* What the driver is told */
#define HCI_NOTIFY_CONN_ADD		1
#define HCI_NOTIFY_CONN_DEL		2
#define HCI_NOTIFY_VOICE_SETTING	3
#define HCI_NOTIFY_ENABLE_SCO_CVSD	4
#define HCI_NOTIFY_ENABLE_SCO_TRANSP	5
#define HCI_NOTIFY_DISABLE_SCO		6

/* Bits of hdev->quirks: what a controller does wrong */
enum {
HCI_QUIRK_RESET_ON_CLOSE,
	HCI_QUIRK_RAW_DEVICE,
	HCI_QUIRK_FIXUP_BUFFER_SIZE,
	HCI_QUIRK_FIXUP_INQUIRY_MODE,
	HCI_QUIRK_BROKEN_LOCAL_COMMANDS,
	HCI_QUIRK_BROKEN_STORED_LINK_KEY,
	HCI_QUIRK_EXTERNAL_CONFIG,
	HCI_QUIRK_INVALID_BDADDR,
	HCI_QUIRK_USE_BDADDR_PROPERTY,
	HCI_QUIRK_BDADDR_PROPERTY_BROKEN,
	HCI_QUIRK_STRICT_DUPLICATE_FILTER,
	HCI_QUIRK_SIMULTANEOUS_DISCOVERY,
	HCI_QUIRK_NON_PERSISTENT_DIAG,
	HCI_QUIRK_NON_PERSISTENT_SETUP,
	HCI_QUIRK_WIDEBAND_SPEECH_SUPPORTED,
	HCI_QUIRK_SYNC_FLOWCTL_SUPPORTED,
	HCI_QUIRK_VALID_LE_STATES,
	HCI_QUIRK_BROKEN_ERR_DATA_REPORTING,
	HCI_QUIRK_NO_SUSPEND_NOTIFIER,
	HCI_QUIRK_BROKEN_READ_TRANSMIT_POWER,
	HCI_QUIRK_BROKEN_FILTER_CLEAR_ALL,
	HCI_QUIRK_BROKEN_ENHANCED_SETUP_SYNC_CONN,
	HCI_QUIRK_BROKEN_EXT_SCAN,
	HCI_QUIRK_BROKEN_MWS_TRANSPORT_CONFIG,
	HCI_QUIRK_BROKEN_LOCAL_EXT_FEATURES_PAGE_2,
	HCI_QUIRK_BROKEN_SET_RPA_TIMEOUT,
};

/* Bits of hdev->flags */
enum {
	HCI_UP,
	HCI_INIT,
	HCI_RUNNING,
	HCI_PSCAN,
	HCI_ISCAN,
	HCI_AUTH,
	HCI_ENCRYPT,
	HCI_INQUIRY,
	HCI_RAW,
	HCI_RESET,
};

/* Bits of hdev->dev_flags */
enum {
	HCI_SETUP,
	HCI_CONFIG,
	HCI_DEBUGFS_CREATED,
	HCI_AUTO_OFF,
	HCI_RFKILLED,
	HCI_MGMT,
	HCI_BONDABLE,
	HCI_SERVICE_CACHE,
	HCI_KEEP_DEBUG_KEYS,
	HCI_USE_DEBUG_KEYS,
	HCI_UNREGISTER,
	HCI_UNCONFIGURED,
	HCI_USER_CHANNEL,
	HCI_EXT_CONFIGURED,
	HCI_LE_ADV,
	HCI_LE_ADV_0,
	HCI_LE_PER_ADV,
	HCI_LE_SCAN,
	HCI_SSP_ENABLED,
	HCI_SC_ENABLED,
	HCI_SC_ONLY,
	HCI_PRIVACY,
	HCI_LIMITED_PRIVACY,
	HCI_RPA_EXPIRED,
	HCI_RPA_RESOLVING,
	HCI_LE_ENABLED,
	HCI_ADVERTISING,
	HCI_ADVERTISING_CONNECTABLE,
	HCI_CONNECTABLE,
	HCI_DISCOVERABLE,
	HCI_LIMITED_DISCOVERABLE,
	HCI_LINK_SECURITY,
	HCI_PERIODIC_INQ,
	HCI_FAST_CONNECTABLE,
	HCI_BREDR_ENABLED,
	HCI_LE_SCAN_INTERRUPTED,
	HCI_WIDEBAND_SPEECH_ENABLED,
	HCI_EVENT_FILTER_CONFIGURED,
	HCI_PA_SYNC,
	HCI_SCO_FLOWCTL,
	HCI_DUT_MODE,
	HCI_VENDOR_DIAG,
	HCI_FORCE_BREDR_SMP,
	HCI_FORCE_STATIC_ADDR,
	HCI_LL_RPA_RESOLUTION,
	HCI_ENABLE_LL_PRIVACY,
	HCI_CMD_PENDING,
	HCI_FORCE_NO_MITM,
	HCI_QUALITY_REPORT,
	HCI_OFFLOAD_CODECS_ENABLED,
	HCI_LE_SIMULTANEOUS_ROLES,
	HCI_CMD_DRAIN_WORKQUEUE,
	HCI_MESH_EXPERIMENTAL,
	HCI_MESH,
	HCI_MESH_SENDING,
	__HCI_NUM_FLAGS,
};
/* Packet headers */
#define HCI_COMMAND_HDR_SIZE		3
#define HCI_EVENT_HDR_SIZE		2
#define HCI_ACL_HDR_SIZE		4
#define HCI_SCO_HDR_SIZE		3
#define HCI_ISO_HDR_SIZE		4

struct hci_command_hdr {
	__le16 opcode;
	u8 plen;
} __packed;

struct hci_event_hdr {
	u8 evt;
	u8 plen;
} __packed;

struct hci_acl_hdr {
	__le16 handle;		/* with the flags above bit 12 */
	__le16 dlen;
} __packed;

struct hci_sco_hdr {
	__le16 handle;
	u8 dlen;
} __packed;

struct hci_iso_hdr {
	__le16 handle;
	__le16 dlen;
	u8 data[];
} __packed;

/* Packet status of an ISO SDU */
#define HCI_ISO_STATUS_VALID		0x00
#define HCI_ISO_STATUS_INVALID		0x01
#define HCI_ISO_STATUS_NOP		0x02

/* First fragment of an SDU, without and with a time stamp */
#define HCI_ISO_DATA_HDR_SIZE		4
struct hci_iso_data_hdr {
	__le16 sn;
	__le16 slen;
};

#define HCI_ISO_TS_DATA_HDR_SIZE	8
struct hci_iso_ts_data_hdr {
	__le32 ts;
	__le16 sn;
	__le16 slen;
};

static inline struct hci_event_hdr *hci_event_hdr(const struct sk_buff *skb)
{
	return (struct hci_event_hdr *)skb->data;
}

static inline struct hci_acl_hdr *hci_acl_hdr(const struct sk_buff *skb)
{
	return (struct hci_acl_hdr *)skb->data;
}

static inline struct hci_sco_hdr *hci_sco_hdr(const struct sk_buff *skb)
{
	return (struct hci_sco_hdr *)skb->data;
}

/* An opcode: group above bit 10, command below */
#define hci_opcode_pack(ogf, ocf)	((u16)(((ocf) & 0x03ff) | ((ogf) << 10)))
#define hci_opcode_ogf(op)		((op) >> 10)
#define hci_opcode_ocf(op)		((op) & 0x03ff)

/* A handle of 12 bits and four flags */
#define hci_handle_pack(h, f)		((u16)(((h) & 0x0fff) | ((f) << 12)))
#define hci_handle(h)			((h) & 0x0fff)
#define hci_flags(h)			((h) >> 12)

#define hci_iso_flags_pb(f)		((f) & 0x0003)
#define hci_iso_flags_ts(f)		(((f) >> 2) & 0x0001)
#define hci_iso_flags_pack(pb, ts)	(((pb) & 0x03) | (((ts) & 0x01) << 2))

#define hci_iso_data_len_pack(h, f)	((u16)(((h) & 0x0fff) | (((f) & 0x3) << 14)))
#define hci_iso_data_len(h)		((h) & 0x0fff)
#define hci_iso_data_flags(h)		((h) >> 14)

#define HCI_TRANSPORT_SCO_ESCO		0x01

static inline void hci_cpu_to_le24(u32 val, u8 dst[3])
{
	dst[0] = (u8)val;
	dst[1] = (u8)(val >> 8);
	dst[2] = (u8)(val >> 16);
}

#include <net/bluetooth/hci_cmd.h>
#include <net/bluetooth/hci_cmd_le.h>
#include <net/bluetooth/hci_ev.h>

#endif /* __HCI_H */
