/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sink: where a port's decoded values, verdicts and effects go.
 *
 * When fuzzing, values are mixed into three digests behind a call that the
 * optimiser cannot see through: a read whose value nobody uses would be dropped,
 * and with it the over-read that a sanitizer was to report. In the decoder the
 * same calls print JSON. Names are Wireshark display-filter names where one
 * exists (`ipv6.nxt`), the specification's term otherwise.
 *
 * Never sink pointers, times or counters: equal inputs must give equal digests.
 */
#ifndef REDZONE_SINK_H
#define REDZONE_SINK_H

#include <stddef.h>
#include <stdint.h>

enum sink_digest {
	SINK_VERDICT,		/* accepted, or which errno / drop reason, per packet */
	SINK_OUTPUT,		/* decoded values */
	SINK_EFFECTS,		/* replies, hand-overs, object state after teardown */
	SINK_DIGESTS,
};

struct sink;

/* Receiver of the same calls in the decoder; NULL in every fuzzing run. */
struct sink_ops {
	void (*u64)(struct sink *sink, enum sink_digest kind, const char *name,
		    uint64_t value);
	void (*bytes)(struct sink *sink, enum sink_digest kind, const char *name,
		      const void *data, size_t len);
	/* sink_packet(); may be NULL */
	void (*packet)(struct sink *sink, size_t offset);
};

struct sink {
	uint64_t digest[SINK_DIGESTS];
	const struct sink_ops *ops;
	void *priv;
};

/* Start a new input: digests to their initial value, ops kept. */
void sink_reset(struct sink *sink);

/*
 * Decoded values. Under MSan each call first checks that the value is
 * initialised; under ASan sink_bytes() reads all of [data, data + len).
 */
void sink_u64(struct sink *sink, const char *name, uint64_t value);
void sink_bytes(struct sink *sink, const char *name, const void *data, size_t len);

/*
 * One packet's verdict: 0 or negative errno, and the drop reason where the
 * modelled code has one (0 otherwise).
 */
void sink_verdict(struct sink *sink, int err, unsigned int reason);

/* What left the port: replies, packets handed up or out, final object state. */
void sink_effect_u64(struct sink *sink, const char *name, uint64_t value);
void sink_effect_bytes(struct sink *sink, const char *name, const void *data,
		       size_t len);

/*
 * A harness is about to play the packet at @offset of the input: what follows is
 * its, up to the next call. SINK_OUTSIDE: what follows belongs to no packet (the
 * state so far, teardown). No digest changes.
 */
#define SINK_OUTSIDE	SIZE_MAX
void sink_packet(struct sink *sink, size_t offset);

#endif /* REDZONE_SINK_H */
