/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guards, bugs and canaries: what a port says about its own safety checks.
 *
 *	if (malformed(skb->len < sizeof(*hdr)))			a guard
 *	if (malformed_in(CVE_2023_53705, len < 2))		the check a CVE lacked
 *	if (fixed(CVE_2026_63922))				a fix that is no check
 *	triggered(CVE_2026_63922, nh != skb_network_header(skb))  its canary
 *
 * Solid builds (the default) compile these to unlikely(c), unlikely(c), true
 * and nothing. Guard builds (REDZONE_GUARDS) give each site a descriptor and
 * let the run time switch it off; every condition is still evaluated, so that
 * an ablated `malformed(!pskb_may_pull(skb, n))` pulls as before and only the
 * rejection is lost. A build with REDZONE_ONLY=<bug> holds exactly that bug and
 * no guard code: the control for what guard builds do to a fuzzer.
 *
 * Bugs are named by their tokens, not by numbers out of a common header: a new bug
 * compiles its own port again and nothing else. The build compares the tokens with
 * the catalogue.
 */
#ifndef REDZONE_GUARD_H
#define REDZONE_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rz_site_kind {
	RZ_SITE_GUARD,		/* malformed(), malformed_in() */
	RZ_SITE_FIX,		/* fixed() */
	RZ_SITE_CANARY,		/* triggered() */
};

/* One use of a macro below; lives for the whole process. */
struct rz_site {
	const char *file;	/* relative to the source tree */
	const char *func;
	const char *cond;	/* source text of the condition */
	const char *bug_token;	/* C token of the bug, or NULL */
	uint32_t line;
	uint16_t kind;		/* enum rz_site_kind */
	int16_t bug;		/* into the table of bugs, -1: none; set at start-up */
	uint32_t index;		/* into the counters; set at start-up */
};

/*
 * Out of line, in an object without sanitizers and coverage: an engine must
 * not see an edge that depends on whether a guard was violated.
 */
bool rz_guard_site(const struct rz_site *site, bool violated);
bool rz_fix_site(const struct rz_site *site);
void rz_canary_site(const struct rz_site *site, bool violated);
void rz_canary_block(const struct rz_site *site, const void *violated);

#define rz_unlikely(c) __builtin_expect(!!(c), 0)

#if defined(REDZONE_GUARDS)

/* The section holds pointers, so that no compiler padding can break the array. */
#define rz_site(kind_, bug_, text_) ({					\
	static struct rz_site rz_site_ = {				\
		.file = __FILE__, .func = __func__, .cond = text_,	\
		.bug_token = (bug_), .line = __LINE__, .kind = (kind_),	\
		.bug = -1,						\
	};								\
	static struct rz_site *const rz_site_ptr_			\
	__attribute__((section("rz_sites"), used, retain,		\
		       no_sanitize("address"))) = &rz_site_;		\
	(void)rz_site_ptr_;						\
	(const struct rz_site *)&rz_site_; })

#define malformed(c) \
	rz_guard_site(rz_site(RZ_SITE_GUARD, NULL, #c), !!(c))
#define malformed_in(id, c) \
	rz_guard_site(rz_site(RZ_SITE_GUARD, #id, #c), !!(c))
#define fixed(id) \
	rz_fix_site(rz_site(RZ_SITE_FIX, #id, "fixed(" #id ")"))
/*
 * A canary's condition exists in guard builds only, so no engine may see it: it
 * becomes a block (an anonymous function), and cmake/canaries.ignore keeps
 * coverage out of those.
 */
#if defined(__BLOCKS__)
#define triggered(id, c) \
	rz_canary_block(rz_site(RZ_SITE_CANARY, #id, #c), \
			(const void *)^bool(void) { return !!(c); })
#else
#define triggered(id, c) \
	rz_canary_site(rz_site(RZ_SITE_CANARY, #id, #c), !!(c))
#endif

#elif defined(REDZONE_ONLY)

#define rz_not_only(token) (__builtin_strcmp(token, REDZONE_ONLY) != 0)
#define malformed(c) rz_unlikely(c)
#define malformed_in(id, c) \
	({ bool rz_v_ = !!(c); rz_unlikely(rz_v_) && rz_not_only(#id); })
#define fixed(id) rz_not_only(#id)
#define triggered(id, c) ((void)sizeof(c))

#else

#define malformed(c) rz_unlikely(c)
#define malformed_in(id, c) rz_unlikely(c)
#define fixed(id) true
#define triggered(id, c) ((void)sizeof(c))

#endif

#endif /* REDZONE_GUARD_H */
