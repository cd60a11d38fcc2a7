// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files, path lists and JSON strings for the replay binary.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

static int complain(const char *what, const char *path)
{
	fprintf(stderr, "redzone-replay: %s: %s: %s\n", path, what, strerror(errno));
	return -1;
}

int rz_file_read(struct rz_file *file, const char *path)
{
	FILE *in = fopen(path, "rb");
	long size;

	*file = (struct rz_file){ .path = path };
	if (!in)
		return complain("cannot open", path);
	if (fseek(in, 0, SEEK_END) || (size = ftell(in)) < 0 || fseek(in, 0, SEEK_SET)) {
		fclose(in);
		return complain("cannot seek", path);
	}
	file->data = malloc(size ? (size_t)size : 1);
	if (!file->data) {
		fclose(in);
		return complain("no memory", path);
	}
	file->len = fread(file->data, 1, (size_t)size, in);
	if (ferror(in)) {
		fclose(in);
		free(file->data);
		return complain("cannot read", path);
	}
	fclose(in);
	return 0;
}

int rz_paths_add(struct rz_paths *paths, const char *path)
{
	if (!(paths->count & (paths->count + 1))) {
		size_t room = 2 * (paths->count + 1);
		char **grown = realloc(paths->path, room * sizeof(*grown));

		if (!grown)
			return complain("no memory", path);
		paths->path = grown;
	}
	paths->path[paths->count] = strdup(path);
	if (!paths->path[paths->count])
		return complain("no memory", path);
	paths->count++;
	return 0;
}

int rz_paths_add_manifest(struct rz_paths *paths, const char *manifest)
{
	FILE *in = strcmp(manifest, "-") ? fopen(manifest, "r") : stdin;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int err = 0;

	if (!in)
		return complain("cannot open", manifest);
	while (!err && (len = getline(&line, &room, in)) > 0) {
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		if (len)
			err = rz_paths_add(paths, line);
	}
	free(line);
	if (in != stdin)
		fclose(in);
	return err;
}

void rz_json_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}
