/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every harness does around its port: strip the control trailer, reset
 * guards, kernel and sink; afterwards check that nothing is left over.
 */
#ifndef REDZONE_HARNESS_H
#define REDZONE_HARNESS_H

#include <linux/types.h>
#include <redzone/sink.h>

#include "control.h"

/* One input while it is being played. */
struct rz_input {
	const u8 *data;		/* without the trailer; the engine's buffer */
	size_t len;
	u8 flags;		/* RZ_CTL_*; 0 without a trailer */
	u8 env;			/* the target's four bits, 0..15 */
	struct sink *sink;	/* for the port's environment */
};

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

/*
 * Announce that the packet at @data, a part of the input, is about to be played:
 * `redzone decode` then has a line for each. NULL: what follows is no packet's.
 */
void rz_packet(const struct rz_input *in, const u8 *data);

/* `u16le length + bytes` records of multi-frame targets; a support cursor. */
struct rz_records {
	const struct rz_input *in;
	const u8 *pos, *end;
};

void rz_records_open(struct rz_records *records, const struct rz_input *in);

/* Next record into @data/@len (a short last one is cut), announced; false at the end. */
bool rz_records_next(struct rz_records *records, const u8 **data, size_t *len);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* Optional: what a target does once per process, before its first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv);

#endif /* REDZONE_HARNESS_H */
