"""The catalogue of bad tables: what each holds, and the two lines or the value that it comes to."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

H = "y_true,y_pred\n"
M = np.array([[1.0, 2.0], [3.0, 4.0]])
DIGITS = "1" * 400
FINITE = "--missing drop leaves such rows out, --missing propagate lets them through"
ANOTHER = "name another column with --true, --pred or --weight"
QUOTE_IT = "a comma in a number or a text: quote that cell, or write the table with another delimiter"
SHAPES = "expected an array of records, an object of arrays, or arrays of numbers"
NO_COMMENTS = "comment lines are not read: grep -v '^#' a.csv | losscli … --from csv -"


class Bad(NamedTuple):
    """A table that is wrong or looks so: a message and a hint, or the mean squared error if it is read."""

    what: str
    name: str
    content: str | bytes
    told: str | float
    hint: str = ""
    loss: str = "mse"


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()


def npy(array: np.ndarray) -> bytes:
    return saved(lambda file: np.save(file, array))


def npz(**arrays: np.ndarray) -> bytes:
    return saved(lambda file: np.savez(file, **arrays))  # type: ignore[arg-type]  # names of columns


TABLE = (H + "1,2\n" * 50).encode()
PARQUET = saved(pl.DataFrame({"y_true": [1.0, 2.0], "y_pred": [2.0, 3.0]}).write_parquet)
SHORT_PARQUET = PARQUET[:-20]
CUT = "Compressed file ended before the end-of-stream marker was reached"


def polars_says(parquet: bytes) -> str:
    """Why a file cannot be read, in the words of the polars that is here."""
    with pytest.raises(pl.exceptions.ComputeError) as refused:
        pl.read_parquet(io.BytesIO(parquet))
    return str(refused.value)


def whole(tool: str, name: str) -> str:
    return f"get it again; `{tool} -t {name}` tells whether it is whole"


CSV = [
    Bad("a row with too few cells", "a.csv", H + "1,2\n3\n", "a.csv, line 3: 1 cell where the header has 2",
        "the line is cut short, or the delimiter is another one: name it with --delimiter"),
    Bad("a row with too many cells", "a.csv", H + "1,2\n3,4,5\n", "a.csv, line 3: 3 cells where the header has 2",
        QUOTE_IT),
    Bad("a quote that is not closed", "a.csv", H + '1,2\n3,"4\n',
        'a.csv, line 3: a quote (") opens here and is not closed', "close it, or double it"),
    Bad("a quote that is not doubled", "a.csv", H + '1,2\n"3"x,4\n',
        'a.csv, line 3: a quote (") inside a quoted cell is not doubled', 'write "" for a quote in quotes'),
    Bad("a NUL byte", "a.csv", H + "1,2\n3\0,4\n",
        "a.csv, line 3: a NUL byte (byte 20 of the file), so no text", "--from names the format of the file"),
    *(
        Bad(encoding, "a.csv", (H + "1,2\n").encode(encoding), f"a.csv is {named}, not UTF-8",
            f"iconv -f {named} -t UTF-8 a.csv | losscli … --from csv -")
        for encoding, named in (("utf-16", "UTF-16"), ("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE"),
                                ("utf-32", "UTF-32"))
    ),
    Bad("Latin-1", "a.csv", "y_true,y_pred,n\n1,2,café\n".encode("latin-1"),
        "a.csv, line 2: 0xE9 (byte 24 of the file) is not UTF-8",
        "if it is Latin-1: iconv -f LATIN1 -t UTF-8 a.csv | losscli … --from csv -"),
    Bad("a byte order mark", "a.csv", "\ufeff" + H + "1,2\n", 1.0),
    Bad("lines that end with CR alone", "a.csv", (H + "1,2\n3,5\n").replace("\n", "\r"), 2.5),
    Bad("blank lines", "a.csv", H + "\n1,2\n \n\n3,5\n\n", 2.5),
    Bad("a comment before the header", "a.csv", "# by hand\n" + H + "1,2\n",
        "a.csv, line 1: a comment where the header is expected", NO_COMMENTS),
    Bad("a comment between rows", "a.csv", H + "1,2\n# half\n3,4\n", "a.csv, line 3: 1 cell where the header has 2",
        NO_COMMENTS),
    Bad("a comment of as many cells as a row", "a.csv", H + "# half, of it\n",
        "a.csv, line 2, column y_true: '# half' is not a number", "comment lines are not read: remove them"),
    Bad("one name twice in the header", "a.csv", "y_true,y_pred,y_pred\n1,2,3\n",
        "a.csv: several columns are called 'y_pred'", "name one by position: @2 or @3"),
    Bad("an empty name in the header", "a.csv", "y_true,\n1,2\n", 1.0),
    Bad("only empty names in the header", "a.csv", ",\n1,2\n", 1.0),
    Bad("a header of numbers", "a.csv", "1,2\n3,4\n", "a.csv, line 1: the header is made of numbers only: 1, 2",
        "if it is the first row of data: --no-header; if these are names, give them a letter"),
    Bad("a header only", "a.csv", H, "nothing to score: a.csv has no rows", "is it still being written?"),
    Bad("no byte", "a.csv", "", "a.csv is empty", "is it still being written?"),
    Bad("nothing but line ends", "a.csv", "\n\r\n\n", "a.csv is empty", "is it still being written?"),
    Bad("one row", "a.csv", H + "1,2\n", 1.0),
    Bad("no end of the last line", "a.csv", H + "1,2", 1.0),
    Bad("a trailing delimiter on every line", "a.csv", "y_true,y_pred,\n1,2,\n3,5,\n", 2.5),
    Bad("a trailing delimiter on the rows", "a.csv", H + "1,2,\n3,4,\n",
        "a.csv, line 2: 3 cells where the header has 2", QUOTE_IT),
    Bad("a line end in a text", "a.csv", 'note,y_true,y_pred\n"a\nb",1,2\n', 1.0),
    Bad("a line end in a number", "a.csv", H + '"1\n2",2\n',
        r"a.csv, line 2, column y_true: '1\n2' is not a number", ANOTHER),
    Bad("a grouping comma", "a.csv", H + '"1,234",2\n', "a.csv, line 2, column y_true: '1,234' is not a number",
        "numbers with grouping commas are not read: remove them; if the comma is a decimal mark: --decimal ,"),
    Bad("a decimal comma", "a.csv", "y_true;y_pred\n1,5;2\n", "a.csv, line 2, column y_true: '1,5' is not a number",
        "if the comma is a decimal mark: --decimal ,"),
    Bad("a decimal comma between commas", "a.csv", H + "1,5,2\n", "a.csv, line 2: 3 cells where the header has 2",
        QUOTE_IT),
    Bad("grouping points", "a.csv", "y_true;y_pred\n1.234,5;2\n",
        "a.csv, line 2, column y_true: '1.234,5' is not a number", "remove the grouping points, then: --decimal ,"),
    Bad("a percentage", "a.csv", H + "12%,2\n", "a.csv, line 2, column y_true: '12%' is not a number",
        "percentages are not read: write 0.125 for 12.5%"),
    Bad("hexadecimal", "a.csv", H + "0x10,2\n", "a.csv, line 2, column y_true: '0x10' is not a number",
        "hexadecimal is not read: write decimal digits"),
    Bad("1e400", "a.csv", H + "1e400,2\n",
        "a.csv, line 2, column y_true: inf is not finite (row 1; 1 of 1 rows)", FINITE),
    Bad("1_000", "a.csv", H + "1_000,2\n", "a.csv, line 2, column y_true: '1_000' is not a number",
        "remove what groups the digits"),
    Bad("full-width digits", "a.csv", H + "１２,2\n", "a.csv, line 2, column y_true: '１２' is not a number",
        "of all digits only 0 to 9 are read"),
    Bad("-0", "a.csv", H + "-0,-0.0\n", 0.0),
    Bad("a boolean", "a.csv", H + "true,1\n", "a.csv, line 2, column y_true: 'true' is not a number",
        "truth values are numbers only in JSON and binary files: write 1 and 0"),
    Bad("a date", "a.csv", H + "2024-01-31,2\n", "a.csv, line 2, column y_true: '2024-01-31' is not a number",
        ANOTHER),
    Bad("an empty cell", "a.csv", H + ",2\n", "a.csv, line 2, column y_true: a missing value (row 1; 1 of 1 rows)",
        FINITE),
    Bad("a label of 2**53 + 1", "a.csv", H + "9007199254740993,9007199254740992\n1,1\n",
        "a.csv, line 2, column y_true: 9007199254740992.0 is not a class (its index from 0 up or its name), or "
        "a row over the classes (one-hot or soft) "
        "(row 1; 1 of 2 rows)",
        "labels from 2**53 up are not told apart as numbers; name the classes in order: --classes a,b,c",
        loss="accuracy"),
    Bad("a class of 2**52", "a.csv", H + "4503599627370495,4503599627370496\n1,1\n", 0.5, loss="zero-one"),
    Bad("a number of 400 digits", "a.csv", H + f"{DIGITS},2\n",
        "a.csv, line 2, column y_true: inf is not finite (row 1; 1 of 1 rows)", FINITE),
    Bad("400 decimals", "a.csv", H + f"0.{'3' * 400},{'0' * 400}\n", (1 / 3) ** 2),
    Bad("a word of 400 digits", "a.csv", H + f"{DIGITS}x,2\n",
        f"a.csv, line 2, column y_true: '{DIGITS[:40]}…' is not a number", ANOTHER),
    Bad("binary data", "a.csv", PARQUET, "a.csv, line 1: a NUL byte (byte 6 of the file), so no text",
        "--from names the format of the file"),
]  # fmt: skip

JSON = [
    Bad("a key twice", "a.json", '[{"y_true":1,"y_pred":2,"y_true":3}]',
        "a.json: the key 'y_true' stands twice in one object", "keep one of the two"),
    Bad("NaN", "a.json", '{"y_true":[1,NaN],"y_pred":[1,2]}',
        "a.json, record 2, column y_true: a missing value (row 2; 1 of 2 rows)", FINITE),
    Bad("Infinity", "a.json", '{"y_true":[1,Infinity],"y_pred":[1,2]}',
        "a.json, record 2, column y_true: inf is not finite (row 2; 1 of 2 rows)", FINITE),
    Bad("100,000 arrays in each other", "a.json", "[" * 100_000 + "]" * 100_000,
        "a.json: arrays or objects are nested too deep", SHAPES),
    Bad("100,000 objects in each other", "a.json", '{"a":' * 100_000,
        "a.json: arrays or objects are nested too deep", SHAPES),
    Bad("100,000 arrays on a line", "a.jsonl", "[" * 100_000 + "]" * 100_000,
        "a.jsonl, line 1: arrays or objects are nested too deep", SHAPES),
    Bad("a number among rows", "a.json", '[{"y_true":1,"y_pred":[1,2]},{"y_true":1,"y_pred":3}]',
        "a.json, record 2, column y_pred has 1 value where record 1 has 2",
        "every row must have the same number of values"),
    Bad("an array among objects", "a.json", '[{"y_true":1,"y_pred":1},[1,2]]',
        "a.json, record 2 is an array where record 1 is an object",
        "write all records alike: as objects, as arrays, or as plain values"),
    Bad("columns of unequal length", "a.json", '{"y_true":[1,2],"y_pred":[1]}',
        "a.json: y_true has 2 values and y_pred has 1", "columns that are read together must be of one length"),
    Bad("an integer of 400 digits", "a.json", f'{{"y_true":[{DIGITS}],"y_pred":[1]}}',
        "a.json, record 1, column y_true: inf is not finite (row 1; 1 of 1 rows)", FINITE),
    Bad("an integer of 5,000 digits", "a.json", f'{{"y_true":[{"1" * 5000}],"y_pred":[1]}}',
        "a.json: an integer has more than 4300 digits", "write it as 1e5000, or in quotes"),
    Bad("1e400 in JSON", "a.json", '{"y_true":[1e400],"y_pred":[2]}',
        "a.json, record 1, column y_true: inf is not finite (row 1; 1 of 1 rows)", FINITE),
    Bad("booleans in JSON", "a.json", '{"y_true":[true],"y_pred":[3]}', 4.0),
    Bad("UTF-16 in JSON", "a.json", '{"y_true":[1],"y_pred":[2]}'.encode("utf-16"), 1.0),
    Bad("Latin-1 in JSON", "a.json", '{"y_true":[1],"é":[2]}'.encode("latin-1"),
        "a.json: not utf-8: byte 16: invalid continuation byte", "convert it: iconv -f latin1 -t utf-8"),
    Bad("a line cut short", "a.jsonl", '{"y_true":1,"y_pred":2}\n{"y_true":1,',
        "a.jsonl, line 2, column 13: not JSON: Expecting property name enclosed in double quotes",
        "was it written whole?"),
    Bad("a record without a field", "a.jsonl", '{"y_true":1,"y_pred":2}\n{"y_true":1}\n',
        "a.jsonl, line 2, column y_pred: a missing value (row 2; 1 of 2 rows)", FINITE),
    Bad("a label of 2**53 + 1 in JSON", "a.json", '{"y_true":[1,9007199254740993],"y_pred":[1,9007199254740992]}',
        "a.json, record 2, column y_true: 9007199254740992.0 is not a class (its index from 0 up or its name), or "
        "a row over the classes (one-hot or soft) "
        "(row 2; 1 of 2 rows)",
        "labels from 2**53 up are not told apart as numbers; name the classes in order: --classes a,b,c",
        loss="zero-one"),
]  # fmt: skip

AGAIN = "get it again, or save it again"
BINARY = [
    Bad("Python objects", "a.npy", npy(np.array([[1, None]], dtype=object)),
        "a.npy holds Python objects, which are never loaded", "save it as numbers or text"),
    Bad("an object among fields", "a.npy", npy(np.array([(1.0, None)], dtype=[("y_true", "f8"), ("y_pred", "O")])),
        "a.npy holds Python objects, which are never loaded", "save it as numbers or text"),
    Bad("a structured array", "a.npy", npy(np.array([(1.0, 2.0)], dtype=[("y_true", "f8"), ("y_pred", "f8")])), 1.0),
    Bad("big-endian numbers", "a.npy", npy(M.astype(">f8")), 1.0),
    Bad("Fortran order", "a.npy", npy(np.asfortranarray(M)), 1.0),
    Bad("complex numbers", "a.npy", npy(M.astype(complex)), "a.npy holds complex128, neither numbers nor text",
        "save it as float64"),
    Bad("three dimensions", "a.npy", npy(np.zeros((2, 2, 2))), "a.npy has shape (2, 2, 2)",
        "a sample is one number or a row: reshape it"),
    Bad("a head that claims more rows", "a.npy", npy(np.ones((2, 2))).replace(b"(2, 2), }   ", b"(99999, 2), }"),
        "a.npy is cut short: it ends after record 2 of 99999", AGAIN),
    Bad("an array cut short", "a.npy", npy(M)[:-8], "a.npy is cut short: it ends after record 1 of 2", AGAIN),
    Bad("a head cut short", "a.npy", npy(M)[:40],
        "a.npy is not a .npy array: EOF: reading array header, expected 118 bytes got 30",
        "was it written by numpy.save?"),
    Bad("an archive cut short", "a.npz", npz(y_true=M[0], y_pred=M[1])[:-40],
        "a.npz is damaged or no .npz file: File is not a zip file", AGAIN),
    Bad("Python objects in an archive", "a.npz", npz(y_true=M[0], y_pred=np.array([1, None], dtype=object)),
        "a.npz, y_pred holds Python objects, which are never loaded", "save it as numbers or text"),
    Bad("an archive without arrays", "a.npz", saved(lambda file: zipfile.ZipFile(file, "w").writestr("a.txt", "x")),
        "a.npz holds no arrays with rows", "was it written by numpy.savez?"),
    Bad("gzip cut short", "a.csv.gz", gzip.compress(TABLE, mtime=0)[:-9], f"a.csv.gz is damaged or cut short: {CUT}",
        whole("gzip", "a.csv.gz")),
    Bad("bzip2 cut short", "a.csv.bz2", bz2.compress(TABLE)[:-5], f"a.csv.bz2 is damaged or cut short: {CUT}",
        whole("bzip2", "a.csv.bz2")),
    Bad("xz cut short", "a.csv.xz", lzma.compress(TABLE)[:-5], f"a.csv.xz is damaged or cut short: {CUT}",
        whole("xz", "a.csv.xz")),
    Bad("gzip with a wrong checksum", "a.csv.gz", gzip.compress(TABLE, mtime=0)[:-8] + bytes(4) + b"\xd7\0\0\0",
        f"a.csv.gz is damaged or cut short: CRC check failed 0x0 != {hex(zlib.crc32(TABLE))}",
        whole("gzip", "a.csv.gz")),
    Bad("a text called .gz", "a.csv.gz", TABLE, "a.csv.gz is damaged or cut short: Not a gzipped file (b'y_')",
        whole("gzip", "a.csv.gz")),
    Bad("gzip not called .gz", "a.csv", gzip.compress(TABLE, mtime=0), 1.0),
    Bad("Parquet cut short", "a.parquet", SHORT_PARQUET,
        f"a.parquet is damaged or cannot be read: {polars_says(SHORT_PARQUET)}", "get it again, or write it again"),
]  # fmt: skip

TABLES = [*CSV, *JSON, *BINARY]
