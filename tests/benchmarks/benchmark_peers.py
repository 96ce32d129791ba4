"""What a user would write instead of calling losscli: short programs that take file names and print one number."""

from __future__ import annotations


def numpy_csv(source: str) -> str:
    """Read two columns of CSV with numpy."""
    return f"""
import sys, numpy as np
y_true, y_pred = np.loadtxt({source}, delimiter=",", skiprows=1, usecols=(1, 2), unpack=True)
print(((y_true - y_pred) ** 2).mean())"""


def pandas_mse(read: str) -> str:
    """Read a file with pandas and leave the rest to scikit-learn."""
    return f"""
import sys, pandas as pd
from sklearn.metrics import mean_squared_error
data = pd.{read}
print(mean_squared_error(data.y_true, data.y_pred))"""


def polars_mse(scan: str) -> str:
    """Compute one mean by a streamed query of polars."""
    return f"""
import sys, polars as pl
loss = (pl.col("y_true") - pl.col("y_pred")) ** 2
print(pl.{scan}.select(loss.mean()).collect(engine="streaming").item())"""


DUCKDB_FILE = """
import sys, duckdb
duckdb.sql("set enable_progress_bar = false")
query = f"select avg((y_true - y_pred) ** 2) from '{sys.argv[1]}'"
print(duckdb.sql(query).fetchall()[0][0])"""

DUCKDB_STDIN = """
import duckdb
duckdb.sql("set enable_progress_bar = false")
columns = {"id": "BIGINT", "y_true": "DOUBLE", "y_pred": "DOUBLE"}
source = f"read_csv('/dev/stdin', header=true, delim=',', auto_detect=false, columns={columns})"
query = f"select avg((y_true - y_pred) ** 2) from {source}"
print(duckdb.sql(query).fetchall()[0][0])"""

MAWK = 'NR > 1 { error = $2 - $3; sum += error * error } END { printf "%.17g\\n", sum / (NR - 1) }'

MILLER = "@sum += ($y_true - $y_pred) ** 2; @n += 1; end { print @sum / @n }"

NUMPY_NPY = """
import sys, numpy as np
a, b = np.load(sys.argv[1]), np.load(sys.argv[2])
print(np.mean((a - b) ** 2))"""

NUMPY_CE = """
import sys, numpy as np
data = np.loadtxt(sys.argv[1], delimiter=",", skiprows=1)
label, share = data[:, 0].astype(int), data[:, 1:]
print(-np.log(share[np.arange(len(share)), label]).mean())"""

PANDAS_CE = """
import sys, pandas as pd
from sklearn.metrics import log_loss
data = pd.read_csv(sys.argv[1])
share = data.drop(columns="y_true").to_numpy()
print(log_loss(data.y_true, share, labels=range(share.shape[1])))"""

POLARS_CE = """
import sys, numpy as np, polars as pl
data = pl.read_csv(sys.argv[1])
share = data.drop("y_true").to_numpy()
print(-np.log(share[np.arange(len(share)), data["y_true"].to_numpy()]).mean())"""

PANDAS_SAMPLES = """
import sys, pandas as pd
source, target = sys.argv[1:]
data = pd.read_csv(source)
data["row"] = range(1, len(data) + 1)
data["mse"] = (data.y_true - data.y_pred) ** 2
data[["row", "y_true", "y_pred", "mse"]].to_csv(target, index=False)"""

POLARS_SAMPLES = """
import sys, polars as pl
source, target = sys.argv[1:]
loss = ((pl.col("y_true") - pl.col("y_pred")) ** 2).alias("mse")
pl.scan_csv(source).select("y_true", "y_pred", loss).with_row_index("row", offset=1).sink_csv(target)"""

DUCKDB_SAMPLES = """
import sys, duckdb
duckdb.sql("set enable_progress_bar = false")
source, target = sys.argv[1:]
columns = "row_number() over () as row, y_true, y_pred, (y_true - y_pred) ** 2 as mse"
duckdb.sql(f"copy (select {columns} from '{source}') to '{target}' (header)")"""

MERGED_BY_HAND = """
import json, sys
def units(of):
    number, _, shift = of["units"].partition("p")
    return int(number, 16) << int(shift or 0)
first = weights = 0
for line in open(sys.argv[1]):
    moments = json.loads(line)["state"]["tallies"][0]["folds"][0][1]["moments"]
    first += units(moments["first"])
    weights += units(moments["weights"])
print(first / weights)"""
