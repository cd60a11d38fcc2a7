#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Stands in for redzone-replay: what an input does is written in it."""

import json
import os
import sys

target, verb = sys.argv[1], sys.argv[2]
words = sys.argv[3:]
files = []
while words:
    word = words.pop(0)
    if word == "--manifest":
        with open(words.pop(0), encoding="utf-8") as manifest:
            files += manifest.read().split()
    elif word == "--repeat":
        words.pop(0)
    else:
        files.append(word)
if target == "unknown":
    print("redzone-replay: unknown target: unknown", file=sys.stderr)
    sys.exit(2)
for file in files:
    with open(file, encoding="utf-8") as text:
        act = text.read().strip()
    if act == "overflow":
        sys.stderr.write(
            "==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\n"
            "READ of size 2 at 0x1 thread T0\n    #0 0x1 in parse parsers/net/x.c:5:1\n"
            "SUMMARY: AddressSanitizer: heap-buffer-overflow parsers/net/x.c:5:1 in parse\n")
        sys.exit(86)
    if act == "abort":
        os.abort()
    if act == "spin":
        while True:
            pass
    print(json.dumps({
        "file": file, "verdict": act.rjust(16, "0"), "output": "1" * 16, "effects": "2" * 16,
        "coverage": "", "edges": 0, "violated": [3], "reached": [3, 4], "triggered": []}),
        flush=True)
    if act == "drift":
        print(f"redzone-replay: {file}: repetition 2 differs (digests)", file=sys.stderr)
        sys.exit(1)
    if act == "leak":
        sys.stderr.write(
            "==1==ERROR: LeakSanitizer: detected memory leaks\n\n"
            "Direct leak of 9 byte(s) in 1 object(s) allocated from:\n"
            "    #0 0x1 in malloc\n    #1 0x1 in keep parsers/net/x.c:9:1\n"
            "SUMMARY: AddressSanitizer: 9 byte(s) leaked in 1 allocation(s).\n")
        sys.exit(89)
