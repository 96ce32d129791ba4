"""Folders, globs, key=value folders and file:// URLs: which files are meant, in which order, and with which keys."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from losscli.errors import DataError
from losscli.sources import READERS
from losscli.sources.inputs import Input
from losscli.sources.keyed import KeyedTable
from losscli.sources.memory import MemoryTable
from losscli.sources.options import DataOptions
from losscli.sources.paths import expanded, keys_of
from losscli.sources.shards import Shards
from losscli.sources.table import Kind, Table

TABLE = "y_true,y_pred\n1,2\n"

WRITERS: dict[str, Callable[[pl.DataFrame, Path], object]] = {
    "csv": lambda frame, path: frame.write_csv(path),
    "tsv": lambda frame, path: frame.write_csv(path, separator="\t"),
    "json": lambda frame, path: frame.write_json(path),
    "jsonl": lambda frame, path: frame.write_ndjson(path),
    "npy": lambda frame, path: np.save(path, frame.to_numpy()),
    "npz": lambda frame, path: np.savez(path, y_true=frame["y_true"], y_pred=frame["y_pred"]),
    "parquet": lambda frame, path: frame.write_parquet(path),
    "arrow": lambda frame, path: frame.write_ipc(path),
}


def make(folder: Path, *names: str, text: str = TABLE) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def failure(*paths: str, any_suffix: bool = False) -> DataError:
    with pytest.raises(DataError) as caught:
        expanded(paths, any_suffix=any_suffix)
    return caught.value


def meant(*paths: str, any_suffix: bool = False) -> list[str]:
    return expanded(paths, any_suffix=any_suffix)


# ── globs ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_glob_gives_its_files_in_natural_order(here: Path) -> None:
    make(here, *(f"preds/p{i}.csv" for i in (10, 2, 1)), "preds/p3.txt")
    assert meant("preds/*.csv") == ["preds/p1.csv", "preds/p2.csv", "preds/p10.csv"]
    assert meant("preds/p[12].csv", "preds/p3.txt") == ["preds/p1.csv", "preds/p2.csv", "preds/p3.txt"]


def test_a_name_that_exists_is_no_glob(here: Path) -> None:
    make(here, "a[1].csv", "a1.csv", "b*.csv", "b1.csv")
    assert meant("a[1].csv", "b*.csv") == ["a[1].csv", "b*.csv"]


def test_a_glob_leaves_out_hidden_files_and_goes_through_folders(here: Path) -> None:
    make(here, "run/.a.csv", "run/a.csv", "run/deep/b.csv")
    assert meant("run/*.csv") == ["run/a.csv"]
    assert meant("run/**/*.csv") == ["run/a.csv", "run/deep/b.csv"]
    assert meant("**") == ["run/a.csv", "run/deep/b.csv"]


def test_a_glob_that_names_folders_means_the_files_in_them(here: Path) -> None:
    make(here, "day=10/a.csv", "day=9/a.csv", "day=9/_SUCCESS")
    assert meant("day=*") == ["day=9/a.csv", "day=10/a.csv"]


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("preds/p[2].csv", "did you mean 'p1.csv'?"),
        ("preds/*.parquet", "in preds there is 'p1.csv'"),
        ("gone/*.csv", "there is no folder gone"),
        ("empty/*.csv", "there is nothing in empty"),
        ("*/nothing*", "look what its first part matches: ls -d *"),
        ("n*", "in this folder there is 'empty'"),
    ],
)
def test_a_glob_that_matches_nothing_is_refused_with_what_is_there(here: Path, pattern: str, hint: str) -> None:
    make(here, "preds/p1.csv")
    (here / "empty").mkdir()
    error = failure(pattern)
    assert (error.message, error.exit_code) == (f"no file matches {pattern!r}", 3)
    assert error.hint == hint


def test_stdin_a_url_and_a_missing_file_are_left_as_they_are(here: Path) -> None:
    del here
    names = ["-", "s3://bucket/day=*/a.parquet", "gone.csv"]
    assert meant(*names) == names


# ── folders ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_means_its_data_files_in_natural_order(here: Path) -> None:
    make(here, *(f"preds/part-{i}.csv" for i in (10, 9)), "preds/_SUCCESS", "preds/.part-9.csv.crc", "preds/notes.txt")
    make(here, "preds/_temporary/part-1.csv", "preds/part-11.csv.gz")
    assert meant("preds/") == ["preds/part-9.csv", "preds/part-10.csv", "preds/part-11.csv.gz"]


def test_with_a_named_format_the_suffix_does_not_matter(here: Path) -> None:
    make(here, "preds/part-00000", "preds/part-00001", "preds/_SUCCESS", "preds/.hidden")
    assert meant("preds", any_suffix=True) == ["preds/part-00000", "preds/part-00001"]
    assert "--from csv preds" in failure("preds").hint


def test_a_folder_of_several_formats_is_refused_naming_two_files(here: Path) -> None:
    make(here, "preds/a.csv", "preds/b.parquet", "preds/c.json")
    error = failure("preds/")
    assert error.message == "preds/ holds files of several formats: preds/a.csv and preds/b.parquet"
    assert error.hint == "name those that are meant: 'preds/*.csv'"


def test_a_folder_with_other_folders_in_it_is_refused_rather_than_read_in_part(here: Path) -> None:
    make(here, "preds/a.csv", "preds/old/b.csv")
    error = failure("preds")
    assert error.message == "preds holds the folder 'old' beside data files"
    assert error.hint == "name the files that are meant: 'preds/*.csv'"
    assert meant("preds/*.csv") == ["preds/a.csv"]
    make(here, "runs/old/b.csv")
    assert failure("runs").hint == "name what is meant: runs/old"


def test_a_linked_key_value_folder_is_read_like_any_other(here: Path) -> None:
    make(here, "far/a.csv", "preds/day=1/a.csv")
    (here / "preds" / "day=2").symlink_to(here / "far", target_is_directory=True)
    assert meant("preds") == ["preds/day=1/a.csv", "preds/day=2/a.csv"]


def test_a_folder_that_cannot_be_read_is_told_and_not_passed_over(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(here, "preds/day=1/a.csv", "preds/day=2/a.csv")
    scandir = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if path.endswith("day=2"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert failure("preds").message == "preds/day=2: permission denied"


def test_a_folder_without_data_files_is_refused_listing_the_formats(here: Path) -> None:
    make(here, "preds/notes.txt")
    assert "holds no file of a known format (.csv, .tsv" in failure("preds").message


# ── key=value folders ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_folders_keys_and_values_are_decoded() -> None:
    path = "out/region=north%20west/day=__HIVE_DEFAULT_PARTITION__/a=b=c/x=1.csv"
    assert keys_of(path) == {"region": "north west", "day": "", "a": "b=c"}
    assert keys_of("https://host/bucket/k=1/a.parquet") == {"k": "1"}
    assert keys_of("k=1.csv") == keys_of("plain/a.csv") == {}


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def losscli(capsys: pytest.CaptureFixture[str], here: Path) -> Run:
    """Return what runs a command in this process: its exit code, stdout and stderr."""
    from losscli.cli.app import run  # noqa: PLC0415  as the console script does

    del here

    def losscli(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        done = capsys.readouterr()
        return code, done.out, done.err

    return losscli


def groups(out: str) -> dict[str, float]:
    """Return the value of each group of a report."""
    results = json.loads(out)["results"]
    return {"/".join(map(str, one["by"].values())): one["value"] for one in results if one["by"]}


@pytest.mark.parametrize("suffix", WRITERS)
def test_keys_of_folders_group_the_rows_of_every_format(here: Path, losscli: Run, suffix: str) -> None:
    for region, error in (("north", 1.0), ("south", 3.0)):
        folder = here / "preds" / f"region={region}"
        folder.mkdir(parents=True)
        columns = {"y_true": [1.0, 2.0], "y_pred": [1.0 + error, 2.0 + error]}
        WRITERS[suffix](pl.DataFrame(columns), folder / f"part-0.{suffix}")
    code, out, _ = losscli("mae", "preds", "--by", "region", "-f", "json", "--keep", "region", "-q")
    assert (code, groups(out)) == (0, {"north": 1.0, "south": 3.0})
    assert [sample["region"] for sample in json.loads(out)["samples"]] == ["north"] * 2 + ["south"] * 2


@pytest.mark.parametrize("key", ["label", "y_true", "weight", "score"])
def test_a_key_is_never_taken_for_values_because_of_its_name(here: Path, losscli: Run, key: str) -> None:
    make(here, f"preds/{key}=7/a.csv", text="truth,guess\n1,2\n3,5\n")
    plain = losscli("mse", f"preds/{key}=7/a.csv", "-f", "value", "-q")
    assert plain == (0, "2.5\n", "")
    grouped = losscli("mse", "preds", "--by", key, "-f", "json", "--summary", "-q")
    assert groups(grouped[1]) == {"7": 2.5}


def test_a_key_can_be_named_as_the_class_that_is_true(here: Path, losscli: Run) -> None:
    make(here, "preds/animal=cat/a.csv", text="p_cat,p_dog\n0.5,0.5\n")
    make(here, "preds/animal=dog/a.csv", text="p_cat,p_dog\n0.75,0.25\n")
    code, out, _ = losscli("ce", "preds", "--true", "animal", "--pred", "p_*", "-f", "value", "-q")
    assert (code, out) == (0, f"{(np.log(2) + np.log(4)) / 2}\n")


def test_a_key_that_is_a_number_can_weigh_and_group_at_once(here: Path, losscli: Run) -> None:
    make(here, "preds/times=3/a.csv", text="y_true,y_pred\n0,1\n")
    make(here, "preds/times=1/a.csv", text="y_true,y_pred\n0,3\n")
    code, out, _ = losscli("mae", "preds", "-w", "times", "-f", "json", "--by", "times", "--summary", "-q")
    assert (code, [one["value"] for one in json.loads(out)["results"] if not one["by"]]) == (0, [1.5])
    assert sorted(groups(out).values()) == [1.0, 3.0]


def test_a_key_that_is_no_number_is_told_where_one_is_wanted(here: Path, losscli: Run) -> None:
    make(here, "preds/w=much/a.csv")
    code, _, err = losscli("mae", "preds", "-w", "w", "-f", "value")
    assert code == 3
    assert "preds/w=much/a.csv, line 2, column w: 'much' is not a number" in err


def test_a_column_of_the_file_goes_before_a_key_of_the_same_name() -> None:
    table = KeyedTable(MemoryTable("a", "record", {"y": [1.0], "k": ["mine"]}), {"k": "folder", "j": "2"})
    (chunk,) = table.chunks({"k": "text", "j": "number", "y": "number"})
    assert (chunk.columns["k"], list(table.columns)) == (["mine"], ["y", "k"])
    assert np.asarray(chunk.columns["j"]).tolist() == [2.0]
    assert table.kinds() == {"y": "number", "k": "text", "j": "number"}
    assert table.notes == ["its folders say j=2, for --by and --keep"]


def test_a_key_that_only_some_files_have_is_told(here: Path, losscli: Run) -> None:
    make(here, "a/k=1/x.csv", "b/x.csv")
    code, _, err = losscli("mae", "a/k=1/x.csv", "b/x.csv", "--by", "k", "-f", "value")
    assert code == 3
    assert "b/x.csv: no column 'k', which a/k=1/x.csv has" in err


# ── shards ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_thousand_parts_are_opened_one_at_a_time(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(here, *(f"preds/part-{i}.csv" for i in range(1000)))
    opened: list[str] = []
    original = READERS["csv"]

    def reader(source: Input, options: DataOptions) -> Table:
        opened.append(source.name)
        return original(source, options)

    monkeypatch.setitem(READERS, "csv", reader)
    source = Shards(["preds"], DataOptions())
    seen = 0
    for table, chunk in source.parts({"y_true": "number"}):
        seen += len(chunk)
        assert table.name == opened[-1] == f"preds/part-{seen - 1}.csv"
    assert (seen, len(opened)) == (1000, 1000)


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_file_url_is_the_file(here: Path, losscli: Run, suffix: str) -> None:
    frame = pl.DataFrame({"y_true": [1.0, 2.0], "y_pred": [2.0, 4.0]})
    path = here / f"my preds.{suffix}"
    WRITERS[suffix](frame, path)
    assert losscli("mse", path.as_uri(), "-f", "value", "-q") == (0, "2.5\n", "")
    local = path.as_uri().replace("file://", "file://localhost")
    assert losscli("mse", local, "-f", "value", "-q") == (0, "2.5\n", "")


def test_a_file_url_of_another_machine_is_refused() -> None:
    assert "names a file of this machine" in failure("file://server/share/a.csv").message


def test_truth_may_be_a_folder_and_pairs_by_id(here: Path, losscli: Run) -> None:
    (here / "truth").mkdir()
    pl.DataFrame({"id": [2**60 + 1, 2**60], "y_true": [1.0, 2.0]}).write_parquet(here / "truth" / "a.parquet")
    make(here, "p.csv", text=f"id,y_pred\n{2**60},2\n{2**60 + 1},3\n")
    assert losscli("mse", "p.csv", "--truth", "truth", "--id", "id", "-f", "value", "-q") == (0, "2.0\n", "")


def test_columns_of_parquet_have_the_roles_that_their_names_say(here: Path, losscli: Run) -> None:
    frame = pl.DataFrame({"label": ["a", "b"], "prob_0": [0.5, 0.25], "prob_1": [0.5, 0.75], "when": ["x", "y"]})
    frame.with_columns(pl.col("label").cast(pl.Categorical)).write_parquet(here / "a.parquet")
    code, out, err = losscli("ce", "a.parquet", "-f", "value")
    assert (code, out) == (0, f"{-(np.log(0.5) + np.log(0.75)) / 2}\n")
    assert "true values: label; predicted values: prob_0, prob_1" in err


@pytest.mark.parametrize("name", ["parquet", "arrow", "feather", "ipc", "pq", "PARQUET"])
def test_from_names_the_formats_of_the_extra(here: Path, losscli: Run, name: str) -> None:
    frame = pl.DataFrame({"y_true": [1.0], "y_pred": [2.0]})
    (frame.write_parquet if name.lower() in {"parquet", "pq"} else frame.write_ipc)(here / "data.bin")
    assert losscli("mse", "data.bin", "--from", name, "-f", "value", "-q") == (0, "1.0\n", "")


@pytest.mark.parametrize("named", ["preds", "preds/*.csv"])
def test_no_output_may_overwrite_a_file_of_a_folder_or_glob(here: Path, losscli: Run, named: str) -> None:
    make(here, "preds/a.csv")
    code, _, err = losscli("mse", named, "-o", "csv:preds/a.csv")
    assert code == 2
    assert "writing preds/a.csv would overwrite the input preds/a.csv" in err
    assert (here / "preds" / "a.csv").read_text() == TABLE


def test_an_unknown_format_is_told_before_any_file_is_opened(losscli: Run) -> None:
    code, _, err = losscli("mse", "gone.csv", "--from", "parket", "-f", "value")
    assert code == 2
    assert "--from: no format is called 'parket'" in err
    assert "did you mean 'parquet'?" in err


KINDS: dict[str, Kind] = {"k": "text"}


def test_rows_are_counted_where_only_keys_are_wanted() -> None:
    (chunk,) = KeyedTable(MemoryTable("a", "record", {"y": [1.0, 2.0]}), {"k": "v"}).chunks(KINDS)
    assert chunk.columns == {"k": ["v", "v"]}
