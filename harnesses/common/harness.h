/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every harness does around its port: strip the control trailer, reset
 * guards, kernel and sink; afterwards check that nothing is left over.
 */
#ifndef REDZONE_HARNESS_H
#define REDZONE_HARNESS_H

#include <linux/types.h>
#include <redzone/sink.h>

/*
 * An input may end with these 12 bytes (all little-endian); they are stripped
 * before any parser sees a length. Without them every default holds, so that a
 * captured packet or a real file is a valid input as it is.
 */
struct rz_control {
	u8 magic[4];		/* RZ_CONTROL_MAGIC */
	u8 version;		/* RZ_CONTROL_VERSION */
	u8 flags;		/* RZ_CTL_* below */
	__le16 skb_layout_seed;	/* 0: linear, not cloned */
	__le16 alloc_fail_seed;	/* 0: no scheduled failure */
	__le16 check;		/* rz_control_check() over the first ten bytes */
} __attribute__((packed));

#define RZ_CONTROL_MAGIC	"\xf2RZ\x9c"

enum {
	RZ_CONTROL_VERSION	= 1,

	RZ_CTL_CRYPTO_REAL	= 0x01,	/* verify confirm values, digests, MICs */
	RZ_CTL_NO_REPAIR	= 0x02,	/* the mutator leaves checksums broken */
	RZ_CTL_ENV_SHIFT	= 4,	/* upper four bits: the target's own */
};

/* One input while it is being played. */
struct rz_input {
	const u8 *data;		/* without the trailer; the engine's buffer */
	size_t len;
	u8 flags;		/* RZ_CTL_*; 0 without a trailer */
	u8 env;			/* the target's four bits, 0..15 */
	struct sink *sink;	/* for the port's environment */
};

/* The 16-bit check of a trailer: CRC-16/CCITT-FALSE over its first ten bytes. */
u16 rz_control_check(const struct rz_control *ctl);

/*
 * Begin an input: parse the trailer, reset guard state, kernel and sink.
 * Never fails: bytes that form no valid trailer are data.
 */
void rz_input_open(struct rz_input *in, const u8 *data, size_t size);

/*
 * End an input after the harness freed its own objects: kernel balance check,
 * guard bookkeeping. Returns 0, what LLVMFuzzerTestOneInput() returns.
 */
int rz_input_close(struct rz_input *in);

/* `u16le length + bytes` records of multi-frame targets; a support cursor. */
struct rz_records {
	const u8 *pos, *end;
};

void rz_records_open(struct rz_records *records, const struct rz_input *in);

/* Next record into @data/@len (a short last one is cut); false at the end. */
bool rz_records_next(struct rz_records *records, const u8 **data, size_t *len);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* Optional: what a target does once per process, before its first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

#endif /* REDZONE_HARNESS_H */
