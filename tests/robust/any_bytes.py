"""Files of every format, most of them nearly right: drawn from a grammar or taken from the samples, then damaged."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import slow_reader
from hypothesis import strategies as st
from in_process import called

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = ("y_true", "y_pred")

Reader = Callable[[bytes], slow_reader.Columns]


class Case(NamedTuple):
    """A file, the arguments that read it, what a slow reader makes of it, and the exit codes that may be."""

    name: str
    data: bytes
    arguments: tuple[str, ...]
    read: Reader | None = None
    codes: tuple[int, ...] = (0, 2, 3)


ODD_CELLS = [
    *["", "NA", "nan", "-inf", "1e400", "-0", "1_000", "0x10", "1,5", "1.234,5", "１", "true", "2024-01-31", "=1+1"],
    *["9007199254740993", "1" * 400, "1e-400", "4.9e-324", '"', '""', '"1', "#", "\x1b[31m", "\u202e", "::error::x"],
]
TOKENS = [
    *[b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b'"', b"'", b" ", b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe"],
    *[b"[", b"]", b"{", b"}", b":", b"[" * 3000, b'{"a":' * 2000, b"null", b"NaN", b"1e999", b"-", b"9" * 5000],
    *[b"\x1f\x8b", b"PK\x03\x04", b"PAR1", b"\x93NUMPY", b"ARROW1", b"\xe2\x80\xae", b"y_true", b"@1", b"\xc3"],
]

numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(-5, 5).map(float),
    st.floats(0, 1),
)
cells = st.one_of(numbers.map(repr), numbers.map("{:.3g}".format), st.sampled_from(ODD_CELLS))
mostly_plain = st.one_of(st.just(numbers.map(repr)), st.just(cells))


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Draw bytes, and change them in up to three places."""
    data = draw(whole)
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 8)))
        more = draw(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=4), st.just(data[:end])))
        data = draw(st.sampled_from([data[:start], data[:start] + data[end:], data[:start] + more + data[end:]]))
    return data


@st.composite
def delimited(draw: st.DrawFn, delimiters: str = ",;\t|") -> Case:
    """Draw a table of text."""
    mark = draw(st.sampled_from(delimiters))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    kind = draw(mostly_plain)
    width = draw(st.integers(2, 3))
    rows = draw(st.lists(st.lists(kind, min_size=width, max_size=width), max_size=6))
    header = draw(st.sampled_from([True, True, True, False]))
    table = [[*NAMES, "x"][:width], *rows] if header else rows
    plain = st.just("".join(mark.join(row) + end for row in table).encode())
    data = draw(damaged(st.one_of(plain, st.sampled_from(text_samples()))))
    decimal = draw(st.sampled_from([".", ".", ","])) if mark != "," else "."
    suffix = ".tsv" if delimiters == "\t" else ".csv"
    options = ["--decimal", decimal, *(["-d", mark] if suffix == ".csv" else []), *([] if header else ["-H"])]
    names = draw(st.sampled_from([NAMES, ("@1", "@2")])) if header else ("@1", "@2")
    read = partial(slow_reader.read_csv, names=names, delimiter=mark, decimal=decimal, header=header)
    return Case(f"a{suffix}", data, (*options, "-t", names[0], "-p", names[1]), read)


@cache
def text_samples() -> list[bytes]:
    """Return the heads of the tables among the samples."""
    heads = [path.read_bytes().split(b"\n")[:8] for path in sorted(SAMPLES.glob("*.[ct]sv"))]
    return [b"\n".join(lines) for lines in heads]


json_cells: st.SearchStrategy[Any] = st.one_of(
    numbers, st.integers(), st.booleans(), st.none(), cells, st.lists(numbers, max_size=3)
)


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    kind = draw(st.sampled_from([numbers, numbers, json_cells, st.lists(numbers, min_size=2, max_size=2)]))
    return draw(st.lists(st.fixed_dictionaries(dict.fromkeys(NAMES, kind)), max_size=5))


def _arrays(rows: Sequence[Mapping[str, Any]]) -> object:
    return {name: [row[name] for row in rows] for name in NAMES}


SHAPES: tuple[Callable[[list[dict[str, Any]]], object], ...] = (
    lambda rows: rows,
    _arrays,
    lambda rows: {"data": rows, "more": 1},
    lambda rows: [list(row.values()) for row in rows],
)


@st.composite
def json_documents(draw: st.DrawFn) -> Case:
    """Draw a document of JSON."""
    shape = draw(st.sampled_from(SHAPES))
    text = json.dumps(shape(draw(records())), indent=draw(st.sampled_from([None, 1]))).encode()
    data = draw(damaged(st.just(text)))
    names = ("@1", "@2") if shape is SHAPES[-1] else draw(st.sampled_from([NAMES, ("@1", "@2")]))
    return Case("a.json", data, ("-t", names[0], "-p", names[1]), partial(slow_reader.read_json, names=names))


@st.composite
def json_lines(draw: st.DrawFn) -> Case:
    """Draw lines of JSON."""
    end = draw(st.sampled_from(["\n", "\r\n", "\n\n"]))
    text = "".join(json.dumps(record) + end for record in draw(records())).encode()
    data = draw(damaged(st.just(text)))
    return Case("a.jsonl", data, ("-t", "@1", "-p", "@2"), partial(slow_reader.read_jsonl, names=("@1", "@2")))


DTYPES = ["<f8", "<f8", ">f8", "<f4", "<f2", "|b1", "|i1", "<u2", ">i4", "<i8", "<u8", "<U3", "|O", "<c16", "<M8[s]"]


@st.composite
def arrays(draw: st.DrawFn, shape: tuple[int, ...]) -> np.ndarray:
    values = draw(st.lists(st.integers(0, 1), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))
    made = np.array(values).reshape(shape).astype(draw(st.sampled_from(DTYPES)))
    return np.asfortranarray(made) if draw(st.booleans()) else made


@st.composite
def npy_files(draw: st.DrawFn) -> Case:
    """Draw a matrix of two columns."""
    array = draw(arrays((draw(st.integers(0, 4)), 2)))
    data = draw(damaged(st.just(saved(lambda file: np.save(file, array)))))
    return Case("a.npy", data, ("-t", "@1", "-p", "@2"), partial(slow_reader.read_npy, names=("@1", "@2")))


@st.composite
def npz_files(draw: st.DrawFn) -> Case:
    """Draw an archive of two arrays."""
    rows = draw(st.integers(0, 4))
    shape = draw(st.sampled_from([(rows,), (rows, 2)]))
    members: dict[str, Any] = {name: draw(arrays(shape)) for name in NAMES}
    save = draw(st.sampled_from([np.savez, np.savez_compressed]))
    data = draw(damaged(st.just(saved(lambda file: save(file, **members)))))
    return Case("a.npz", data, ("-t", "@1", "-p", "@2"), partial(slow_reader.read_npz, names=("@1", "@2")))


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


@st.composite
def columnar_files(draw: st.DrawFn) -> Case:
    """Draw a Parquet or Arrow file."""
    kind = draw(st.sampled_from([numbers, st.one_of(numbers, st.none())]))
    columns = {name: draw(st.lists(kind, min_size=3, max_size=3)) for name in NAMES}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(NAMES, draw(st.sampled_from([pl.Float64, pl.Float32]))))
    suffix = draw(st.sampled_from([".parquet", ".parquet", ".arrow", ".arrows"]))
    data = draw(damaged(st.just(saved(partial(WRITERS[suffix], frame)))))
    return Case(f"a{suffix}", data, ("-t", "y_true", "-p", "y_pred"), partial(read_columnar, suffix=suffix))


WRITERS: Mapping[str, Callable[..., Any]] = {
    ".parquet": pl.DataFrame.write_parquet,
    ".arrow": pl.DataFrame.write_ipc,
    ".arrows": pl.DataFrame.write_ipc_stream,
}
READERS: Mapping[str, Callable[[io.BytesIO], pl.DataFrame]] = {
    ".parquet": pl.read_parquet,
    ".arrow": pl.read_ipc,
    ".arrows": pl.read_ipc_stream,
}


def read_columnar(data: bytes, suffix: str) -> slow_reader.Columns:
    """Read a whole file at once; nothing that is installed reads one without polars."""
    frame = READERS[suffix](io.BytesIO(data))
    return [[float("nan") if one is None else float(one) for one in frame[name].to_list()] for name in NAMES]


zstd: Any = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
PACKERS: Mapping[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    ".gz": (partial(gzip.compress, mtime=0), gzip.decompress),
    ".bz2": (bz2.compress, bz2.decompress),
    ".xz": (lzma.compress, lzma.decompress),
    ".zst": (zstd.compress, zstd.decompress),
}


@st.composite
def compressed(draw: st.DrawFn) -> Case:
    """Draw a compressed table, its bytes damaged after it was compressed."""
    case = draw(st.one_of(delimited(), json_lines(), npy_files()))
    suffix = draw(st.sampled_from(list(PACKERS)))
    pack, unpack = PACKERS[suffix]
    data = draw(damaged(st.just(pack(case.data))))
    read = case.read
    return case._replace(name=f"{case.name}{suffix}", data=data, read=lambda data: read(unpack(data)) if read else [])


@st.composite
def nameless(draw: st.DrawFn) -> Case:
    """Draw a file whose format must be guessed."""
    kinds = delimited(), json_documents(), json_lines(), npy_files(), npz_files(), columnar_files()
    case: Case = draw(st.one_of(*kinds))
    return case._replace(name="nameless", read=None)


TABLES = {
    "csv": delimited(),
    "tsv": delimited("\t"),
    "json": json_documents(),
    "jsonl": json_lines(),
    "npy": npy_files(),
    "npz": npz_files(),
    "columnar": columnar_files(),
    "compressed": compressed(),
    "nameless": nameless(),
}


@cache
def part() -> bytes:
    """Return a partial result."""
    options = ("-l", "mse", "-l", "r2", "-l", "accuracy", "-f", "json")
    done = called("partial", "--true", "0,1,1", "--pred", "0.25,1,0", *options[:6], cwd=SAMPLES)
    assert done.code == 0, done
    return done.out.encode()


@cache
def report() -> bytes:
    """Return a report."""
    done = called("eval", "--true", "0,1,1", "--pred", "0.25,1,0", "-l", "mse", "-l", "r2", "-f", "json", cwd=SAMPLES)
    assert done.code == 0, done
    return done.out.encode()


SETTINGS = (SAMPLES / "ci" / "losscli.toml").read_bytes()


def parts() -> st.SearchStrategy[Case]:
    """Draw a file for merge."""
    return damaged(st.just(part())).map(lambda data: Case("part.json", data, ()))


def reports() -> st.SearchStrategy[Case]:
    """Draw a report for verify."""
    return damaged(st.just(report())).map(lambda data: Case("report.json", data, (), codes=(0, 1, 2, 3)))


def settings_files() -> st.SearchStrategy[Case]:
    """Draw a losscli.toml."""
    return damaged(st.just(SETTINGS)).map(lambda data: Case("losscli.toml", data, (), codes=(0, 1, 2, 3)))


@st.composite
def typed(draw: st.DrawFn) -> tuple[str, str]:
    """Draw the values of --true and --pred."""
    kind = draw(mostly_plain)
    count = draw(st.integers(1, 4))
    lists = [draw(st.lists(kind, min_size=count, max_size=count)) for _ in NAMES]
    texts = [draw(damaged(st.just(",".join(values).encode()))) for values in lists]
    return tuple(text.decode("utf-8", "replace").replace("\0", "") for text in texts)  # type: ignore[return-value]  # two
