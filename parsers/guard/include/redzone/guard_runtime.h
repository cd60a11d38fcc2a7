/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The run time behind <redzone/guard.h>, for harnesses and the replay binary.
 * Ports never include this header. In solid builds every call is a no-op and
 * every table is empty.
 */
#ifndef REDZONE_GUARD_RUNTIME_H
#define REDZONE_GUARD_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <redzone/guard.h>

#define RZ_CANARY_MAGIC	"RZCANRY1"

/* REDZONE_CANARIES=none counts nothing: what guards cost an engine besides counting. */
#define RZ_CANARY_NONE	"none"

/* Start of the counter file that REDZONE_CANARIES names; little-endian. */
struct rz_canary_header {
	char magic[8];
	uint32_t version;	/* 1 */
	uint32_t nguards;
	uint32_t nbugs;
	uint32_t entry_size;
	uint64_t execs;		/* inputs begun, over all processes of the run */
	uint64_t cpu_ns;	/* CPU time sampled so far, over all processes */
	uint64_t reserved[3];
};

/*
 * One guard's or bug's counters, in units of inputs. Of a bug, `violated`
 * counts the inputs that triggered it. First times are 0 until they happen.
 */
struct rz_counter {
	uint64_t reached;
	uint64_t violated;
	uint64_t first_reached_exec;
	uint64_t first_violated_exec;
	uint64_t first_reached_cpu_ns;
	uint64_t first_violated_cpu_ns;
};

/* A guard as the tool names it: `net/exthdrs.c:ip6_parse_tlv:1f2e3d4c[#2]`. */
struct rz_guard {
	char id[160];
	const struct rz_site *site;
};

/* The tables: guards in file and line order, bugs in the order of their tokens. */
size_t rz_guard_count(void);
const struct rz_guard *rz_guard_get(size_t index);
size_t rz_bug_count(void);
const char *rz_bug_id(size_t bug);
const char *rz_bug_token(size_t bug);

/* Select by table index; takes effect at once. */
void rz_guard_set_ablated(size_t index, bool ablated);
void rz_bug_set(size_t bug, bool on);

/*
 * Select by comma-separated ids, as REDZONE_ABLATE and REDZONE_BUGS do ("all"
 * for every bug). Returns 0, or -1 after one line on standard error naming the
 * id that does not exist.
 */
int rz_guard_select(const char *ids);
int rz_bug_select(const char *ids);

/* Per-input bookkeeping, called by rz_input_open(). */
void rz_guard_input_begin(void);

/*
 * The bytes of the input that has begun. Where a folder `<REDZONE_CANARIES>.inputs`
 * was there at the start, the first input to violate a guard or to trigger a
 * bug is kept in it, as `g<index>` or `b<index>`.
 */
void rz_guard_input_is(const void *data, size_t size);

/* What the current (or last) input did. */
bool rz_guard_was_reached(size_t index);
bool rz_guard_was_violated(size_t index);
bool rz_bug_was_triggered(size_t bug);

/* Index of the guard violated last in this input, or -1: the rejecting one. */
int rz_guard_last_violated(void);

/* Violations of the current input in order, first RZ_TRACE_MAX of them. */
#define RZ_TRACE_MAX 64
size_t rz_guard_trace(const uint32_t **indices);

/* Start the trace anew within an input, at the next of its packets. */
void rz_guard_trace_restart(void);

#endif /* REDZONE_GUARD_RUNTIME_H */
