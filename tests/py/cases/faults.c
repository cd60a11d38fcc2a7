// SPDX-License-Identifier: GPL-2.0-only
/*
 * One fault for each kind of report that the tool must read; built and run by
 * test_sanreport.py under each sanitizer. Every fault is hidden from the
 * optimiser, which may otherwise delete it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define noinline __attribute__((noinline))

/* Values the compiler cannot know. */
static volatile size_t four = 4, zero;
static volatile int sink_value;
static int table[4];

static void *opaque(void *p)
{
	__asm__ volatile("" : "+r"(p) : : "memory");
	return p;
}

noinline static void heap_read(void)
{
	volatile char *p = opaque(malloc(4));

	sink_value = p[four];
	free((void *)p);
}

noinline static void heap_write(void)
{
	volatile short *p = opaque(malloc(4));

	p[four / 2] = 1;
	free((void *)p);
}

noinline static void heap_copy(void)
{
	char *from = opaque(malloc(4)), to[16];

	memset(from, 1, four);
	memcpy(to, from, four * 2);
	sink_value = ((char *)opaque(to))[0];
	free(from);
}

noinline static void use_after_free(void)
{
	volatile char *p = opaque(malloc(4));

	p[0] = 1;
	free((void *)p);
	sink_value = p[zero];
}

noinline static void double_free(void)
{
	void (*volatile release)(void *) = free;
	void *p = opaque(malloc(4));

	release(p);
	release(p);
	sink_value = 1;	/* no tail call: keep the frame */
}

noinline static void stack_write(void)
{
	volatile char small[4];

	((volatile char *)opaque((void *)small))[four] = 1;
	sink_value = small[0];
}

noinline static void global_read(void)
{
	sink_value = ((volatile int *)opaque(table))[four];
}

noinline static int recurse(size_t depth)
{
	volatile char frame[512];

	frame[0] = (char)depth;
	return recurse(depth + 1) + frame[0];
}

noinline static void endless_recursion(void)
{
	sink_value = recurse(0);
}

noinline static void null_read(void)
{
	sink_value = *(int *)opaque(NULL);
}

noinline static void wild_write(void)
{
	*(volatile int *)opaque((void *)0x700000000000) = 1;
}

noinline static void uninitialised(void)
{
	volatile int *p = opaque(malloc(4 * sizeof(*p)));

	if (p[2])
		sink_value = 1;
	free((void *)p);
}

noinline static void memory_leak(void)
{
	void *p = opaque(malloc(100));

	p = opaque(NULL);
	sink_value = p != NULL;
}

noinline static void aborts(void)
{
	abort();
}

noinline static void truncates(void)
{
	volatile uint8_t narrow = (uint8_t)four;
	unsigned int wide = (unsigned int)four + 300;

	narrow = wide;
	sink_value = narrow;
}

noinline static void shifts(void)
{
	sink_value = 1 << (four + 40);
}

noinline static void overflows(void)
{
	sink_value = (int)four + 0x7fffffff;
}

noinline static void divides(void)
{
	sink_value = 7 / (int)zero;
}

noinline static void index_out_of_bounds(void)
{
	sink_value = table[four];
}

noinline static void null_argument(void)
{
	char to[4];

	memcpy(to, opaque(NULL), zero);
	sink_value = to[0] != 0;
}

noinline static void bad_bool(void)
{
	uint8_t byte = (uint8_t)(four + 1);
	_Bool truth;

	memcpy(&truth, &byte, 1);
	sink_value = truth ? 1 : 0;
}

noinline static void own_warn(void)
{
	extern void __sanitizer_print_stack_trace(void);

	fprintf(stderr, "==1==ERROR: redzone: warn: WARN_ON(len > room) at parsers/net/x.c:7\n");
	__sanitizer_print_stack_trace();
	abort();
}

static const struct {
	const char *name;
	void (*run)(void);
} faults[] = {
	{ "heap_read", heap_read }, { "heap_write", heap_write }, { "heap_copy", heap_copy },
	{ "use_after_free", use_after_free }, { "double_free", double_free },
	{ "stack_write", stack_write }, { "global_read", global_read },
	{ "endless_recursion", endless_recursion }, { "null_read", null_read },
	{ "wild_write", wild_write }, { "uninitialised", uninitialised },
	{ "memory_leak", memory_leak }, { "aborts", aborts }, { "truncates", truncates },
	{ "shifts", shifts }, { "overflows", overflows }, { "divides", divides },
	{ "index_out_of_bounds", index_out_of_bounds }, { "null_argument", null_argument },
	{ "bad_bool", bad_bool }, { "own_warn", own_warn },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (argc > 1 && !strcmp(argv[1], faults[i].name))
			faults[i].run();
	return 0;
}
