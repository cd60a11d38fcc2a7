// SPDX-License-Identifier: GPL-2.0-only
/*
 * ASan's defaults for fuzzing, in engine binaries only; ASAN_OPTIONS overrides
 * each. The allocator is what a fast parser pays for most under ASan: a smaller
 * quarantine stays in the cache, stacks of allocations are not needed until a
 * finding is replayed, and ports keep no address of a local behind its return.
 * Replay, the catalogue of bugs and ablation run with ASan's own defaults.
 *
 * Objects of the port come from a heap made for this: redzone/arena.h.
 */
#include <redzone/kernel.h>

/* No edge of the port's. */
static __attribute__((constructor, no_sanitize("coverage"))) void use_engine_heap(void)
{
	redzone_heap_for_engine();
}

const char *__asan_default_options(void);

__attribute__((used, visibility("default")))
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=16:malloc_context_size=0:detect_stack_use_after_return=0";
}
