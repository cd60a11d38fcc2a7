# SPDX-License-Identifier: GPL-2.0-only
"""`redzone decode`: what a port sees, as JSON lines."""

from __future__ import annotations

import json
from pathlib import Path

import click

from redzone_tool import decode
from redzone_tool.errors import FINDING, OK


@click.command(short_help="What the port sees in a file, as JSON lines.")
@click.argument("target")
@click.argument("files", nargs=-1, required=True, metavar="FILE...",
                type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice(decode.KINDS), default="auto",
              help="What FILE is, where its first bytes do not say.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines (they are printed anyway).")
def command(target: str, files: tuple[Path, ...], kind: str, as_json: bool) -> int:
    """Decode every packet of FILE with the port of TARGET.

    FILE is a raw input, a scenario (*.scn), a capture (pcap, pcapng, snoop, btsnoop), or for frame
    targets also a record file. One JSON object a packet: its number in the file, the verdict, the
    guard that rejected it, all guards it violated, decoded fields in order, effects. Packets of a
    link type that carries IP without Ethernet get a made-up header ("linktype" names theirs);
    others are listed as skipped. Of a Bluetooth capture the data that the host sent is decoded as
    its peers receive it ("direction"). Of an input of many packets the last line (frame 0) says
    what belongs to none of them. An input that faults has a "fault" instead; exit code 1 then.
    """
    code = OK
    for path in files:
        for line in decode.decode(target, path, kind):
            if len(files) > 1:
                line = {"file": str(path), **line}
            click.echo(json.dumps(line))
            if "fault" in line:
                code = FINDING
    return code
