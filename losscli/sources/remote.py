"""Files that stand on a server: polars reads of them what it needs, losscli copies nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO

from losscli.errors import DataError, did_you_mean

if TYPE_CHECKING:
    from losscli.sources.inputs import Input
    from losscli.sources.meter import Meter

SCHEMES = "https http s3 s3a gs gcs az azure adl abfs abfss hf".split()
"""What polars knows how to reach."""

PATIENCE: dict[str, str | int] = {
    "timeout": "30s",
    "connect_timeout": "5s",
    "max_retries": 2,
    "retry_timeout_ms": 10_000,
}
"""How long a server may take, in the words of polars' ``storage_options``."""

REACH = "look whether it is there and may be read; keys to a store are taken from its usual environment variables"
COPY = "copy the file here, and name the copy"


def is_url(path: str) -> bool:
    """Tell a URL from a path.

    >>> is_url("s3://bucket/preds.parquet"), is_url("preds.parquet")
    (True, False)
    """
    return "://" in path


def patience(path: str) -> dict[str, str | int] | None:
    """Return the options with which a server that does not answer is soon given up; None for a path."""
    return dict(PATIENCE) if is_url(path) else None


def remote(url: str, asked: str | None, meter: Meter | None = None) -> Input:
    """Return the input at a URL, of the format that was asked for or that its suffix tells.

    Raises DataError for a scheme or a format that is not read from afar, or that needs the extra.
    """
    from losscli.sources.inputs import EXTRA, FORMATS, Input, check_extra  # noqa: PLC0415  which imports this

    scheme = url.partition("://")[0].lower()
    if scheme not in SCHEMES:
        raise DataError(f"{url}: no server is reached by {scheme}://", did_you_mean(scheme, SCHEMES) or COPY)
    suffix = os.path.splitext(url.partition("?")[0])[1]  # noqa: PTH122  a URL is no path
    chosen = asked or FORMATS.get(suffix.lower(), "")
    if chosen not in EXTRA:
        formats = ", ".join(EXTRA.values())
        raise DataError(f"{url}: of files on a server only {formats} are read", f"{COPY}; or say --from parquet")
    check_extra(url, chosen)

    def opener() -> BinaryIO:
        raise DataError(f"{url} cannot be read as a stream", COPY)

    return Input(url, chosen, url, opener, meter)
