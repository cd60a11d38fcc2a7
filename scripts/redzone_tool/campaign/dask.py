# SPDX-License-Identifier: GPL-2.0-only
"""Trials on Dask workers. They see the same files; only the caller writes to the record."""

from __future__ import annotations

import importlib
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from redzone_tool import setup
from redzone_tool.campaign.spec import Job, Spec
from redzone_tool.campaign.store import Result
from redzone_tool.errors import ENVIRONMENT, ToolError

CONNECT_S = 10


def run(scheduler: str, tasks: Sequence[tuple[int, Job]], spec: Spec, folder: Path,
        ) -> Iterator[tuple[tuple[int, Job], Result | ToolError]]:
    """
    Results as they come. A worker that dies is replaced by another: the scheduler begins its
    trials anew, and the record takes each trial once.
    """
    setup.ensure("dask")
    distributed: Any = importlib.import_module("distributed")
    try:
        client = distributed.Client(scheduler, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as err:
        raise ToolError(f"no Dask scheduler at {scheduler}: {err}", ENVIRONMENT) from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise ToolError(f"the Dask scheduler at {scheduler} has no workers", ENVIRONMENT)
        futures = {client.submit(_work, job, spec, str(folder), key=f"redzone-{number}-{job.name}",
                                 pure=False, retries=2): (number, job) for number, job in tasks}
        try:
            for future in distributed.as_completed(list(futures), loop=client.loop):
                task = futures[future]
                if future.status == "error":
                    yield task, ToolError(f"{task[1].name}: {future.exception()}")
                    continue
                result = future.result()
                yield task, (ToolError(*result) if isinstance(result, tuple) else result)
        finally:
            client.cancel(list(futures))


def _work(job: Job, spec: Spec, folder: str) -> Result | tuple[str, int]:
    """On a worker. Its folder is its own: a trial begun twice may run twice at once."""
    from redzone_tool.campaign import run as local
    result = local.work(job, spec, Path(folder) / f"dask-{uuid.uuid4().hex[:12]}")
    if isinstance(result, ToolError):
        return str(result), result.code
    assert result is not None       # nothing stops a trial on a worker
    return result
