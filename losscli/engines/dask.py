"""Map and tree-reduce on a Dask cluster: a local one, or the one that a scheduler leads.

The engine moves text between functions and knows nothing of losses.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from losscli import __version__
from losscli.errors import DataError

if TYPE_CHECKING:
    from distributed import Client, Future

TIMEOUT = 5
"""Seconds until a scheduler that does not answer, or that has no workers, is an error."""

ANY_PORT = "127.0.0.1:0"
"""Where a local scheduler serves its pages: the usual port may be another cluster's, and Dask would warn of it."""

RETRIES = 2
"""How often a task that failed is tried again. One whose worker died is begun anew by Dask itself."""

FAN_IN = 32
"""How many partial results one task adds up: a million parts are four levels."""


def reduced(
    task: Callable[[str], str], add: Callable[[Sequence[str]], str], parts: Sequence[str], scheduler: str | None
) -> str:
    """Return the sum of ``task`` over all parts, added up by ``add`` in a tree.

    Raises DataError if the extra is not installed, if the scheduler cannot be reached or has no workers, if a worker
    has another losscli, and for what a task raises.
    """
    try:
        from distributed import KilledWorker  # noqa: PLC0415  half a second, and only for this engine
        from distributed.client import FutureCancelledError  # noqa: PLC0415  as above
    except ImportError:
        raise DataError("--engine dask needs the extra", "pip install 'losscli[dask]'") from None
    with _client(scheduler) as client:
        _check_workers(client, scheduler)
        futures = level = client.map(task, parts, retries=RETRIES, pure=False)
        try:
            while len(level) > 1:
                groups = [level[start : start + FAN_IN] for start in range(0, len(level), FAN_IN)]
                level = client.map(add, groups, retries=RETRIES, pure=False)
                futures = [*futures, *level]
            return str(level[0].result())
        except KilledWorker as error:
            raise DataError(f"workers died of one file again and again: {error}", "give them more memory") from error
        except FutureCancelledError as error:
            raise DataError(f"the cluster gave up: {error}", "is the scheduler still there?") from error
        finally:
            _cancel(client, futures)


def _cancel(client: Client, futures: Sequence[Future]) -> None:
    """Take back what is still to be done, so that an interrupt leaves nothing running."""
    if client.status == "running" and any(not future.done() for future in futures):
        client.cancel(futures)


@contextmanager
def _client(scheduler: str | None) -> Iterator[Client]:
    """Connect to a scheduler, or start a local cluster with a worker for each core."""
    from distributed import Client, LocalCluster  # noqa: PLC0415  as above

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is raised
    if scheduler is None:
        with (
            LocalCluster(threads_per_worker=1, dashboard_address=ANY_PORT, silence_logs=logging.CRITICAL) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(scheduler, timeout=TIMEOUT)
    except (OSError, ValueError) as error:
        raise DataError(
            f"no Dask scheduler answers at {scheduler}", "start one: dask scheduler; or leave --scheduler out"
        ) from error
    with client:
        yield client


def _check_workers(client: Client, scheduler: str | None) -> None:
    """Raise DataError if there are no workers, or if one of them has another losscli than this."""

    def version() -> str | None:  # sent by value: a worker without losscli must be able to say so
        try:
            import losscli  # noqa: PLC0415  that of the worker
        except ImportError:
            return None
        return losscli.__version__

    try:
        client.wait_for_workers(1, timeout=TIMEOUT)
    except TimeoutError:
        raise DataError(f"the scheduler {scheduler} has no workers", f"dask worker {scheduler}") from None
    for address, there in client.run(version).items():
        if there != __version__:
            what = f"has losscli {there}" if there else "has no losscli"
            raise DataError(
                f"worker {address} {what}, and this is {__version__}", f"there: pip install losscli=={__version__}"
            )
