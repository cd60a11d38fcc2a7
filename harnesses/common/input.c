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
	return ctl->version == RZ_CONTROL_VERSION &&
	       get_unaligned_le16(ctl->check) == rz_control_check(ctl);
}

/* No memcmp(): engines look into it, and would spread the magic over all inputs. */
static bool control_magic(const u8 *at)
{
	return get_unaligned((const u32 *)at) == get_unaligned((const u32 *)RZ_CONTROL_MAGIC);
}

static void take_control(struct rz_input *in, struct redzone_kernel_config *config)
{
	struct rz_control ctl;

	memcpy(&ctl, in->data + in->len - sizeof(ctl), sizeof(ctl));
	if (!control_valid(&ctl))
		return;
	in->len -= sizeof(ctl);
	in->flags = ctl.flags;
	in->env = ctl.flags >> RZ_CTL_ENV_SHIFT;
	config->crypto_real = ctl.flags & RZ_CTL_CRYPTO_REAL;
	config->skb_layout_seed = get_unaligned_le16(ctl.skb_layout_seed);
	config->alloc_fail_seed = get_unaligned_le16(ctl.alloc_fail_seed);
}

void rz_input_open(struct rz_input *in, const u8 *data, size_t size)
{
	struct redzone_kernel_config config = { .crypto_real = false };

	*in = (struct rz_input){ .data = data, .len = size, .sink = &rz_sink };
	if (size >= sizeof(struct rz_control) &&
	    control_magic(data + size - sizeof(struct rz_control)))
		take_control(in, &config);
	rz_guard_input_begin();
	rz_guard_input_is(data, size);
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
