# SPDX-License-Identifier: GPL-2.0-only
"""`redzone corpus`: inputs from captures and files, and what a corpus holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from redzone_tool import catalogue, corpus, corpusmin, decode, locks, paths
from redzone_tool.errors import ToolError
from redzone_tool.ossfuzz import artefacts

SCHEMA = 1


@click.group(short_help="Import captures and files as inputs; statistics.")
def command() -> None:
    """Corpora: folders of inputs, one a file, named by content."""


@command.command("import")
@click.argument("target")
@click.argument("files", nargs=-1, required=True, metavar="FILE|FOLDER...",
                type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Where to (default: out/corpus/TARGET/imported).")
@click.option("--as", "kind", type=click.Choice(decode.KINDS), default="auto",
              help="What the files are, where their first bytes do not say.")
@click.option("--json", "as_json", is_flag=True)
def import_(target: str, files: tuple[Path, ...], out: Path | None, kind: str,
            as_json: bool) -> int:
    """Cut captures (pcap, pcapng, snoop, btsnoop), record or raw files into inputs of TARGET.

    Folders are walked and zip files opened. Of an output folder of AFL++ (or a sync folder of
    several) the queue, crashes and hangs are taken, of libFuzzer its corpus and artefacts, each
    file as it is; README files and hidden ones are none.

    A Bluetooth capture becomes inputs of both its sides: what the host received (with its own
    commands, and requests that it sent as acts of the local side), and what it sent as its peers
    receive it; links that were up before the capture began are opened first. smp.jsonl,
    l2cap_sig.jsonl and hci_evt.jsonl hold single PDUs, one `{"hex": …}` a line. The folder is
    what `redzone measure --corpus DIR` and `redzone fuzz` take.
    """
    info = catalogue.target(target)
    folder = out or paths.corpus_dir(target, "imported")
    result = corpus.import_files(files, folder, info, kind)
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "folder": str(folder), **asdict(result)}))
        return 0
    click.echo(f"{result.seen} inputs seen, {result.written} written to {paths.shown(folder)}, "
               f"{result.known} known already")
    if result.too_long:
        click.echo(f"  {result.too_long} longer than the target's {info.max_len} bytes left out")
    if result.empty:
        click.echo(f"  {result.empty} empty ones left out")
    if set(result.origins) - {"file"}:
        click.echo("  from " + ", ".join(f"{name}: {count}" for name, count
                                         in result.origins.most_common()))
    for note, count in result.skipped.most_common():
        click.echo(f"  {count} skipped: {note}")
    return 0


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def stats(folder: Path, as_json: bool) -> int:
    """Count, sizes and duplicates of the inputs in FOLDER."""
    result = corpus.stats(folder)
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, **asdict(result)}))
    else:
        click.echo(f"{result.files} files, {result.bytes} bytes: smallest {result.smallest}, "
                   f"median {result.median}, largest {result.largest}; "
                   f"{result.duplicates} duplicates")
    return 0


@command.command()
@click.argument("target")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR",
              help="Where to (default: FOLDER itself, replaced at once).")
@click.option("--json", "as_json", is_flag=True)
def minimise(target: str, folder: Path, out: Path | None, as_json: bool) -> int:
    """Keep the inputs in FOLDER that TARGET's guards and edges need, smallest first.

    What reaches or violates a guard is kept before what covers more code. Inputs that fault are
    left out.
    """
    if out is not None and out.exists() and not out.is_dir():
        raise ToolError(f"{out} is not a folder")
    with locks.exclusive(out or folder, "redzone corpus minimise"):
        result = corpusmin.minimise(target, folder, out or folder)
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, **asdict(result)}))
        return 0
    click.echo(f"{result.before} inputs, {result.bytes_before} bytes: {result.after} kept, "
               f"{result.bytes_after} bytes ({result.for_guards} for guards, "
               f"{result.for_edges} for edges)")
    if result.faulting:
        click.echo(f"  {result.faulting} that fault left out")
    return 0


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("archive", type=click.Path(path_type=Path))
def export(folder: Path, archive: Path) -> int:
    """Pack FOLDER's inputs, each once and named by content, as a zip ARCHIVE."""
    inputs = {corpus.content_name(data): data for data in
              (path.read_bytes() for path in corpus.files_below([folder])) if data}
    if not inputs:
        raise ToolError(f"{folder} holds no inputs")
    artefacts.write_corpus(archive, inputs)
    click.echo(f"{len(inputs)} inputs in {archive}")
    return 0
