"""What is compressed may swell up to a limit of ratio and size that the user can raise, and is read in a stream."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from bad_tables import H, saved
from console import refused
from faults import at_most, redirected
from in_process import called

from losscli.sources import arrays, streams

BOMB = (H + "1.0,2.0\n" * 400_000).encode()


def zstandard(data: bytes) -> bytes:
    """Compress as ``zstd`` does, where losscli can read it."""
    module = pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    packed: bytes = module.compress(data)
    return packed


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "a.csv.gz": gzip.compress,
    "a.csv.bz2": bz2.compress,
    "a.csv.xz": lzma.compress,
    "a.csv.zst": zstandard,
    "a.npz": lambda _: saved(lambda file: np.savez_compressed(file, y_true=np.ones(400_000), y_pred=np.ones(400_000))),
}


@pytest.fixture
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the limit hold from one megabyte on, and at a hundredfold: a real bomb takes longer to make."""
    monkeypatch.setattr(streams, "SWELL_FROM", 1 << 20)
    monkeypatch.setattr(arrays, "SWELL_FROM", 1 << 20)
    monkeypatch.setattr(streams, "SWELL", 100)


@pytest.mark.usefixtures("early")
@pytest.mark.parametrize("name", PACKED)
def test_what_swells_beyond_the_limit_is_refused_until_the_user_raises_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_bytes(PACKED[name](BOMB))
    done = called("mse", name, "-f", "value", cwd=tmp_path)
    assert (done.code, done.out) == (3, "")
    assert "grows more than 100-fold when it is decompressed" in done.err
    assert "LOSSCLI_MAX_EXPANSION=1000000 losscli" in done.err
    monkeypatch.setenv("LOSSCLI_MAX_EXPANSION", "1000000")
    assert called("mse", name, "-f", "value", cwd=tmp_path).code == 0
    assert "LOSSCLI" not in called("check", name, "--max", "mse=1", cwd=tmp_path).err


@pytest.mark.parametrize("name", [name for name in PACKED if name != "a.npz"])
def test_what_swells_is_refused_as_it_streams_and_never_inflated_first(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive's members say their size, and are refused by that."""
    monkeypatch.setattr(streams, "SWELL_FROM", 1 << 18)
    monkeypatch.setattr(streams, "SWELL", 50)
    (tmp_path / name).write_bytes(PACKED[name](BOMB))
    plain, given = streams._Guarded.readinto, []  # noqa: SLF001  where decompressed bytes appear

    def counted(stream: streams._Guarded, buffer: bytearray) -> int:
        given.append(len(buffer))
        return plain(stream, buffer)

    monkeypatch.setattr(streams._Guarded, "readinto", counted)  # noqa: SLF001  as above
    done = called("mse", name, "-f", "value", cwd=tmp_path)
    assert "grows more than 50-fold" in done.err
    # twice: first the head alone is read
    assert sum(given) < 2 * (streams.SWELL_FROM + (1 << 20) + streams.BUFFER) < len(BOMB)


def test_a_gigabyte_in_a_few_kilobytes_is_refused_in_the_memory_of_a_small_table(tmp_path: Path) -> None:
    rows = zstandard(b"1.0,2.0\n" * (1 << 23))
    (tmp_path / "a.csv.zst").write_bytes(zstandard(H.encode()) + rows * 16)
    done = redirected("", "mse", "a.csv.zst", "-q", cwd=tmp_path, prelude=at_most(AS=600 << 20))
    refused(done, 3, "a.csv.zst grows more than 1000-fold", "zstd -dc a.csv.zst | losscli … -")


@pytest.mark.parametrize("name", PACKED)
def test_what_stays_below_the_limit_of_size_may_swell_as_it_likes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "SWELL", 1)
    (tmp_path / name).write_bytes(PACKED[name](BOMB))
    assert called("mse", name, "-q", "-f", "value", cwd=tmp_path).code == 0


@pytest.mark.parametrize("text", ["-1", "many", "1e3", "１"])
def test_a_limit_that_is_no_number_is_a_usage_error(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SWELL_FROM", 1)
    monkeypatch.setenv("LOSSCLI_MAX_EXPANSION", text)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(H.encode()))
    done = called("mse", "a.csv.gz", cwd=tmp_path)
    assert (done.code, "LOSSCLI_MAX_EXPANSION" in done.err) == (2, True)
