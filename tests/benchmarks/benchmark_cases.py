"""What is compared with what.

To add a case, add it to ``CASES``; to add a way to do its task, add a line to it. Every line of a case must give the
same number, or the benchmark fails.
"""

from __future__ import annotations

from dataclasses import replace

import benchmark_peers as peers
import benchmark_states
from benchmark_case import CORE, CORE_1, FAST, OUT, Case, Line, Target, losscli, one_liner, python, typed
from benchmark_data import Data

CSV, TSV, JSONL, GZIP, PARQUET = map(Data, ("csv", "tsv", "jsonl", "csv.gz", "parquet"))
NPY = (Data("true.npy"), Data("pred.npy"))
STATES = Data(benchmark_states.KIND, share=1 / 5)
PROBABILITIES = Data("csv", share=1 / 250, classes=1000)

MSE = ("mse", "-f", "value")
SIX = [word for spec in ("mse", "mae", "huber", "log-cosh", "pinball:q=0.9", "rmse") for word in ("-l", spec)]
FILE = "sys.argv[1]"
LOADTXT, PANDAS, POLARS, DUCKDB = "numpy.loadtxt", "pandas + scikit-learn", "polars", "DuckDB"
MILLER = ("--onidx", "put", "-q", peers.MILLER)

THREE_ROWS = "mse --true 1,2,3 --pred 2,2,3"
IMPORT_NUMPY = one_liner("import numpy", "numpy")
SKLEARN_LINE = "from sklearn.metrics import mean_squared_error as mse; print(mse([1, 2, 3], [2, 2, 3]))"
TORCH_LINE = "import torch as t; print(t.nn.MSELoss()(t.tensor([1., 2, 3]), t.tensor([2., 2, 3])).item())"

STARTUP = Case(
    "startup",
    "three rows, given on the command line",
    (
        typed(f"{THREE_ROWS} -f value"),
        typed(THREE_ROWS, number=False),
        typed("--version", number=False),
        typed("--help", number=False),
        one_liner("pass", ""),
        IMPORT_NUMPY,
        one_liner(SKLEARN_LINE, "sklearn", within=1e-9),
        one_liner(TORCH_LINE, "torch", within=1e-6),  # computes in float32
    ),
    (
        Target(f"losscli {THREE_ROWS} -f value", IMPORT_NUMPY.label, 1.4),
        Target(f"losscli {THREE_ROWS}", IMPORT_NUMPY.label, 1.7),
    ),
)

CSV_FILE = Case(
    "csv",
    "mean squared error of a CSV file",
    (
        *losscli(*MSE, CSV),
        python(LOADTXT, "numpy", peers.numpy_csv(FILE), CSV),
        python(PANDAS, "pandas sklearn", peers.pandas_mse(f"read_csv({FILE})"), CSV),
        python(POLARS, "polars", peers.polars_mse(f"scan_csv({FILE})"), CSV),
        python(DUCKDB, "duckdb", peers.DUCKDB_FILE, CSV),
        Line("mawk", ("mawk", "-F,", peers.MAWK, CSV)),
        Line("Miller", ("mlr", "--icsv", *MILLER, CSV)),
    ),
    (
        Target(CORE_1, LOADTXT, 1.3),
        Target(CORE, LOADTXT, 1),
        Target(FAST, POLARS, 1.3),
        Target(FAST, DUCKDB, 1),
        Target(FAST, PANDAS, 1),
        Target(FAST, "mawk", 1),
        Target(FAST, "Miller", 1),
    ),
)

PIPE = Case(
    "pipe",
    "the same, from a pipe",
    tuple(
        replace(line, feed=("cat", CSV))
        for line in (
            *losscli(*MSE, "-"),
            python(LOADTXT, "numpy", peers.numpy_csv("sys.stdin")),
            python(PANDAS, "pandas sklearn", peers.pandas_mse("read_csv(sys.stdin.buffer)")),
            python(POLARS, "polars", peers.polars_mse("scan_csv(sys.stdin.buffer)")),
            python(DUCKDB, "duckdb", peers.DUCKDB_STDIN),
            Line("mawk", ("mawk", "-F,", peers.MAWK)),
            Line("Miller", ("mlr", "--icsv", *MILLER)),
        )
    ),
)

COMPRESSED = Case(
    "gz",
    "the same, from a .csv.gz file",
    (
        *losscli(*MSE, GZIP),
        python(LOADTXT, "numpy", peers.numpy_csv(FILE), GZIP),
        python(PANDAS, "pandas sklearn", peers.pandas_mse(f"read_csv({FILE})"), GZIP),
        python(POLARS, "polars", peers.polars_mse(f"scan_csv({FILE})"), GZIP),
        python(DUCKDB, "duckdb", peers.DUCKDB_FILE, GZIP),
        Line("gzip -dc | mawk", ("mawk", "-F,", peers.MAWK), feed=("gzip", "-dc", GZIP)),
        Line("Miller", ("mlr", "--gzin", "--icsv", *MILLER, GZIP)),
    ),
)

TABS = Case(
    "tsv",
    "the same, from a TSV file",
    (
        *losscli(*MSE, TSV),
        python(PANDAS, "pandas sklearn", peers.pandas_mse(f'read_csv({FILE}, sep="\\t")'), TSV),
        python(POLARS, "polars", peers.polars_mse(f'scan_csv({FILE}, separator="\\t")'), TSV),
        python(DUCKDB, "duckdb", peers.DUCKDB_FILE, TSV),
    ),
)

LINES_OF_JSON = Case(
    "jsonl",
    "the same, from a JSONL file",
    (
        *losscli(*MSE, JSONL),
        python(POLARS, "polars", peers.polars_mse(f"scan_ndjson({FILE})"), JSONL),
        python(DUCKDB, "duckdb", peers.DUCKDB_FILE, JSONL),
        Line("Miller", ("mlr", "--ijsonl", *MILLER, JSONL)),
    ),
)

CLASSES = Case(
    "probabilities",
    "cross-entropy of a CSV file with 1,000 probabilities a row",
    (
        *losscli("sparse-ce", "-f", "value", PROBABILITIES),
        python(LOADTXT, "numpy", peers.NUMPY_CE, PROBABILITIES),
        python(PANDAS, "pandas sklearn", peers.PANDAS_CE, PROBABILITIES),
        python(POLARS, "polars numpy", peers.POLARS_CE, PROBABILITIES),
    ),
)

ARRAYS = Case(
    "npy",
    "mean squared error of two .npy files",
    (
        *losscli(*MSE, "--truth", *NPY),
        python("numpy", "numpy", peers.NUMPY_NPY, *NPY),
    ),
    (Target(CORE, "numpy", 1.5),),
    scale=10,
)

COLUMNS = Case(
    "parquet",
    "mean squared error of a Parquet file",
    (
        losscli(*MSE, PARQUET)[-1],
        python(POLARS, "polars", peers.polars_mse(f"scan_parquet({FILE})"), PARQUET),
        python(PANDAS, "pandas sklearn pyarrow", peers.pandas_mse(f"read_parquet({FILE})"), PARQUET),
        python(DUCKDB, "duckdb", peers.DUCKDB_FILE, PARQUET),
    ),
)

SIX_LOSSES = Case(
    "six",
    "six losses in one pass over a CSV file, and one",
    (
        *losscli("eval", *SIX, "-f", "value", CSV, suffix=", six losses"),
        *losscli(*MSE, CSV, suffix=", one loss"),
    ),
    tuple(Target(f"{label}, six losses", f"{label}, one loss", 1.6) for label in (CORE_1, CORE, FAST)),
)

SAMPLES = Case(
    "samples",
    "a CSV file of per-sample losses, from a CSV file",
    (
        *losscli("mse", "-o", OUT, "-q", CSV),
        python("pandas", "pandas", peers.PANDAS_SAMPLES, CSV, OUT),
        python(POLARS, "polars", peers.POLARS_SAMPLES, CSV, OUT),
        python(DUCKDB, "duckdb", peers.DUCKDB_SAMPLES, CSV, OUT),
    ),
)

MERGE = Case(
    "merge",
    "the sum of the partial results of many shards, a line each",
    (
        Line("losscli merge", ("losscli", "merge", STATES, "-f", "value", "-q")),
        python("json and whole numbers of Python, nothing checked", "", peers.MERGED_BY_HAND, STATES),
    ),
)

CASES = {
    case.name: case
    for case in (
        STARTUP,
        CSV_FILE,
        PIPE,
        COMPRESSED,
        TABS,
        LINES_OF_JSON,
        CLASSES,
        ARRAYS,
        COLUMNS,
        replace(COLUMNS, name="parquet-large", title="the same of a large one", scale=10),
        SIX_LOSSES,
        SAMPLES,
        MERGE,
    )
}
"""Name -> case, in the order in which they are measured."""

IN_MEMORY = ("csv", "tsv", "jsonl", "npy", "parquet", "samples")
"""The cases whose memory is measured at ``--rows`` and at ten times as many."""
