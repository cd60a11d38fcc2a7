// SPDX-License-Identifier: GPL-2.0-only
/*
 * Around one input: control trailer, reset, balance check, record framing.
 */
#include <string.h>

#include "harness.h"

#include <asm/unaligned.h>
#include <redzone/guard_runtime.h>
#include <redzone/kernel.h>

#include "runtime.h"

struct sink rz_sink;

static bool control_valid(const struct rz_control *ctl)
{
	return !memcmp(ctl->magic, RZ_CONTROL_MAGIC, sizeof(ctl->magic)) &&
	       ctl->version == RZ_CONTROL_VERSION &&
	       get_unaligned_le16(ctl->check) == rz_control_check(ctl);
}

void rz_input_open(struct rz_input *in, const u8 *data, size_t size)
{
	struct redzone_kernel_config config = { .crypto_real = false };
	struct rz_control ctl;

	*in = (struct rz_input){ .data = data, .len = size, .sink = &rz_sink };
	if (size >= sizeof(ctl)) {
		memcpy(&ctl, data + size - sizeof(ctl), sizeof(ctl));
		if (control_valid(&ctl)) {
			in->len -= sizeof(ctl);
			in->flags = ctl.flags;
			in->env = ctl.flags >> RZ_CTL_ENV_SHIFT;
			config.crypto_real = ctl.flags & RZ_CTL_CRYPTO_REAL;
			config.skb_layout_seed = get_unaligned_le16(ctl.skb_layout_seed);
			config.alloc_fail_seed = get_unaligned_le16(ctl.alloc_fail_seed);
		}
	}
	rz_guard_input_begin();
	sink_reset(&rz_sink);
	redzone_kernel_begin(&config);
}

int rz_input_close(struct rz_input *in)
{
	redzone_kernel_end();
	return 0;
}

void rz_packet(const struct rz_input *in, const u8 *data)
{
	sink_packet(in->sink, data ? (size_t)(data - in->data) : SINK_OUTSIDE);
}

void rz_records_open(struct rz_records *records, const struct rz_input *in)
{
	records->in = in;
	records->pos = in->data;
	records->end = in->data + in->len;
}

bool rz_records_next(struct rz_records *records, const u8 **data, size_t *len)
{
	size_t left = (size_t)(records->end - records->pos), want;

	if (left < 2) {
		rz_packet(records->in, NULL);
		return false;
	}
	rz_packet(records->in, records->pos);
	want = get_unaligned_le16(records->pos);
	left -= 2;
	*data = records->pos + 2;
	*len = want < left ? want : left;
	records->pos = *data + *len;
	return true;
}
