/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sink: digests that tell decoded values apart, the decoder's calls, and
 * that a faulty value handed to it is reported with the port function's name.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <redzone/sink.h>

#if defined(__has_feature)
#define UNDER_ASAN __has_feature(address_sanitizer)
#define UNDER_MSAN __has_feature(memory_sanitizer)
#else
#define UNDER_ASAN 0
#define UNDER_MSAN 0
#endif

static struct sink a, b;

static int fresh(void **state)
{
	memset(&a, 0, sizeof(a));
	memset(&b, 0, sizeof(b));
	sink_reset(&a);
	sink_reset(&b);
	return 0;
}

static void assert_same(void)
{
	assert_memory_equal(a.digest, b.digest, sizeof(a.digest));
}

/* ---- digests ---- */

static void test_equal_calls_equal_digests(void **state)
{
	assert_same();
	for (int i = 0; i < 100; i++) {
		sink_u64(&a, "ipv6.nxt", (uint64_t)i * i);
		sink_u64(&b, "ipv6.nxt", (uint64_t)i * i);
		sink_bytes(&a, "data", "0123456789", (size_t)i % 11);
		sink_bytes(&b, "data", "0123456789", (size_t)i % 11);
	}
	sink_verdict(&a, -74, 3);
	sink_verdict(&b, -74, 3);
	assert_same();
	sink_reset(&a);
	assert_int_not_equal(a.digest[SINK_OUTPUT], b.digest[SINK_OUTPUT]);
}

static void test_values_and_order_count(void **state)
{
	sink_u64(&a, "x", 1);
	sink_u64(&b, "x", 2);
	assert_int_not_equal(a.digest[SINK_OUTPUT], b.digest[SINK_OUTPUT]);
	sink_u64(&a, "x", 2);
	sink_u64(&b, "x", 1);
	assert_int_not_equal(a.digest[SINK_OUTPUT], b.digest[SINK_OUTPUT]);
	assert_int_equal(a.digest[SINK_VERDICT], b.digest[SINK_VERDICT]);
	assert_int_equal(a.digest[SINK_EFFECTS], b.digest[SINK_EFFECTS]);
}

static void test_a_zero_counts(void **state)
{
	sink_u64(&a, "x", 0);
	assert_int_not_equal(a.digest[SINK_OUTPUT], b.digest[SINK_OUTPUT]);
	sink_bytes(&b, "x", "", 0);
	sink_bytes(&b, "x", "", 0);
	assert_int_not_equal(a.digest[SINK_OUTPUT], b.digest[SINK_OUTPUT]);
}

static void test_every_byte_counts(void **state)
{
	uint8_t data[40] = { 0 };
	uint64_t clean;

	sink_bytes(&a, "x", data, sizeof(data));
	clean = a.digest[SINK_OUTPUT];
	for (size_t i = 0; i < sizeof(data); i++) {
		data[i] = 1;
		sink_reset(&b);
		sink_bytes(&b, "x", data, sizeof(data));
		assert_int_not_equal(b.digest[SINK_OUTPUT], clean);
		data[i] = 0;
	}
}

static void test_where_a_value_ends_counts(void **state)
{
	sink_bytes(&a, "x", "ab", 2);
	sink_bytes(&a, "x", "c", 1);
	sink_bytes(&b, "x", "a", 1);
	sink_bytes(&b, "x", "bc", 2);
	assert_int_not_equal(a.digest[SINK_OUTPUT], b.digest[SINK_OUTPUT]);
}

static void test_names_and_addresses_cost_nothing(void **state)
{
	char here[] = "abc", there[] = "abc";

	sink_u64(&a, "one.name", 5);
	sink_u64(&b, "another", 5);
	sink_bytes(&a, "one.name", here, 3);
	sink_bytes(&b, "another", there, 3);
	assert_same();
}

static void test_three_digests_are_apart(void **state)
{
	sink_verdict(&a, -22, 0);
	assert_int_not_equal(a.digest[SINK_VERDICT], b.digest[SINK_VERDICT]);
	assert_int_equal(a.digest[SINK_OUTPUT], b.digest[SINK_OUTPUT]);
	assert_int_equal(a.digest[SINK_EFFECTS], b.digest[SINK_EFFECTS]);
	sink_verdict(&b, -22, 1);
	assert_int_not_equal(a.digest[SINK_VERDICT], b.digest[SINK_VERDICT]);
	sink_effect_u64(&a, "reply", 1);
	sink_effect_bytes(&b, "reply", "\1", 1);
	assert_int_not_equal(a.digest[SINK_EFFECTS], b.digest[SINK_EFFECTS]);
	assert_int_equal(a.digest[SINK_OUTPUT], b.digest[SINK_OUTPUT]);
}

/* ---- the decoder's side ---- */

static char seen[512];

static void seen_u64(struct sink *sink, enum sink_digest kind, const char *name, uint64_t value)
{
	size_t len = strlen(seen);

	assert_ptr_equal(sink->priv, seen);
	snprintf(seen + len, sizeof(seen) - len, "%d %s %lld;", kind, name, (long long)value);
}

static void seen_bytes(struct sink *sink, enum sink_digest kind, const char *name,
		       const void *data, size_t size)
{
	size_t len = strlen(seen);

	snprintf(seen + len, sizeof(seen) - len, "%d %s [%.*s];", kind, name, (int)size,
		 (const char *)data);
}

static void test_decoder_sees_what_the_digest_sees(void **state)
{
	static const struct sink_ops ops = { .u64 = seen_u64, .bytes = seen_bytes };
	uint64_t plain[SINK_DIGESTS];

	seen[0] = 0;
	for (int pass = 0; pass < 2; pass++) {
		a.ops = pass ? &ops : NULL;
		a.priv = seen;
		sink_reset(&a);
		sink_u64(&a, "ipv6.nxt", 44);
		sink_bytes(&a, "ipv6.src", "abcd", 4);
		sink_effect_u64(&a, "handed.up", 1);
		sink_verdict(&a, -74, 2);
		if (!pass)
			memcpy(plain, a.digest, sizeof(plain));
	}
	assert_memory_equal(plain, a.digest, sizeof(plain));
	assert_string_equal(seen, "1 ipv6.nxt 44;1 ipv6.src [abcd];2 handed.up 1;"
				  "0 errno -74;0 reason 2;");
	assert_ptr_equal(a.ops, &ops);
}

static void seen_packet(struct sink *sink, size_t offset)
{
	size_t len = strlen(seen);

	snprintf(seen + len, sizeof(seen) - len, "at %zd;", (ssize_t)offset);
}

static void test_packets_are_told_apart_and_change_no_digest(void **state)
{
	static const struct sink_ops ops = {
		.u64 = seen_u64, .bytes = seen_bytes, .packet = seen_packet,
	};
	uint64_t plain[SINK_DIGESTS];

	seen[0] = 0;
	a.priv = seen;
	for (int pass = 0; pass < 2; pass++) {
		a.ops = pass ? &ops : NULL;
		sink_reset(&a);
		if (pass)
			sink_packet(&a, 3);
		sink_u64(&a, "x", 1);
		sink_packet(&a, SINK_OUTSIDE);
		if (!pass)
			memcpy(plain, a.digest, sizeof(plain));
	}
	assert_memory_equal(plain, a.digest, sizeof(plain));
	assert_string_equal(seen, "at 3;1 x 1;at -1;");
}

/* ---- faulty values ---- */

#if UNDER_ASAN || UNDER_MSAN

/* Run @fault in a child; its report. */
static const char *report_of(void (*fault)(void))
{
	static char text[16384];
	size_t len = 0;
	int fds[2], status;
	ssize_t got;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(fds[1], STDERR_FILENO);
		close(fds[0]);
		fault();
		_exit(0);
	}
	close(fds[1]);
	while (len < sizeof(text) - 1 &&
	       (got = read(fds[0], text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	text[len] = 0;
	close(fds[0]);
	waitpid(pid, &status, 0);
	assert_true(!WIFEXITED(status) || WEXITSTATUS(status) != 0);
	return text;
}

static void *volatile opaque;

static void *heap(size_t len)
{
	opaque = malloc(len);
	return opaque;
}
#endif

#if UNDER_ASAN
static __attribute__((noinline)) void port_reads_past_the_end(void)
{
	sink_bytes(&a, "x", heap(5), 6);
}

static __attribute__((noinline)) void port_reads_past_the_end_for_an_effect(void)
{
	sink_effect_bytes(&a, "x", heap(16), 17);
}

static void test_over_read_is_reported(void **state)
{
	const char *text = report_of(port_reads_past_the_end);

	assert_non_null(strstr(text, "heap-buffer-overflow"));
	assert_non_null(strstr(text, "port_reads_past_the_end"));
	text = report_of(port_reads_past_the_end_for_an_effect);
	assert_non_null(strstr(text, "heap-buffer-overflow"));
	assert_non_null(strstr(text, "port_reads_past_the_end_for_an_effect"));
}
#endif

#if UNDER_MSAN
static __attribute__((noinline)) void port_sinks_uninit_value(void)
{
	sink_u64(&a, "x", *(uint32_t *)heap(4));
}

static __attribute__((noinline)) void port_sinks_uninit_bytes(void)
{
	uint8_t *data = heap(8);

	memset(data, 0, 7);
	sink_bytes(&a, "x", data, 8);
}

static __attribute__((noinline)) void port_sends_uninit_bytes(void)
{
	sink_effect_bytes(&a, "x", heap(8), 8);
}

static __attribute__((noinline)) void port_gives_uninit_verdict(void)
{
	sink_verdict(&a, *(int *)heap(4), 0);
}

static __attribute__((noinline)) void port_gives_uninit_reason(void)
{
	sink_verdict(&a, 0, *(unsigned int *)heap(4));
}

static void test_uninitialised_value_is_reported(void **state)
{
	static const struct {
		void (*fault)(void);
		const char *name;
	} cases[] = {
		{ port_sinks_uninit_value, "port_sinks_uninit_value" },
		{ port_sinks_uninit_bytes, "port_sinks_uninit_bytes" },
		{ port_sends_uninit_bytes, "port_sends_uninit_bytes" },
		{ port_gives_uninit_verdict, "port_gives_uninit_verdict" },
		{ port_gives_uninit_reason, "port_gives_uninit_reason" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = report_of(cases[i].fault);

		assert_non_null(strstr(text, "use-of-uninitialized-value"));
		assert_non_null(strstr(text, cases[i].name));
	}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_equal_calls_equal_digests, fresh),
		cmocka_unit_test_setup(test_values_and_order_count, fresh),
		cmocka_unit_test_setup(test_a_zero_counts, fresh),
		cmocka_unit_test_setup(test_every_byte_counts, fresh),
		cmocka_unit_test_setup(test_where_a_value_ends_counts, fresh),
		cmocka_unit_test_setup(test_names_and_addresses_cost_nothing, fresh),
		cmocka_unit_test_setup(test_three_digests_are_apart, fresh),
		cmocka_unit_test_setup(test_decoder_sees_what_the_digest_sees, fresh),
		cmocka_unit_test_setup(test_packets_are_told_apart_and_change_no_digest, fresh),
#if UNDER_ASAN
		cmocka_unit_test_setup(test_over_read_is_reported, fresh),
#endif
#if UNDER_MSAN
		cmocka_unit_test_setup(test_uninitialised_value_is_reported, fresh),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
