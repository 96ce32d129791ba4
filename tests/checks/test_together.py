"""Several sources of predictions side by side: by order, by key, with one truth and one set of gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from losscli.batch import Batch
from losscli.errors import DataError
from losscli.sources.dataset import Dataset
from losscli.sources.options import DataOptions, Needs
from losscli.sources.together import by_order, joined, options_of, together
from losscli.spec import bind


class Silent:
    """Takes notes and forgets them."""

    def say(self, text: str) -> None:
        pass

    def detail(self, text: str) -> None:
        pass


def paired(
    tmp_path: Path, first: str, second: str, *, loss: str = "mse", missing: str = "error", **options: object
) -> list[tuple[Batch, ...]]:
    """Return two CSV texts side by side."""
    (tmp_path / "a.csv").write_text(first)
    (tmp_path / "b.csv").write_text(second)
    data = replace(DataOptions(files=(str(tmp_path / "a.csv"),)), missing="propagate", **options)  # type: ignore[arg-type]  # a table's columns
    needs = Needs.of([bind(loss)])
    opened = [
        ("a.csv", Dataset(data, needs, Silent())),
        ("b.csv", Dataset(options_of(data, [str(tmp_path / "b.csv")]), needs, Silent())),
    ]
    return list(together(opened, keyed=data.id is not None, missing=missing))


def whole(pairs: Sequence[tuple[Batch, ...]], side: int) -> Batch:
    """Return all rows of one side."""
    return joined([pair[side] for pair in pairs])


def test_rows_are_paired_in_their_order_and_only_truth_and_prediction_of_the_second_are_read(tmp_path: Path) -> None:
    pairs = paired(tmp_path, "y_true,y_pred,w\n1,2,5\n3,4,6\n", "y_true,y_pred\n1,9\n3,8\n", weight="w", by=("w",))
    first, second = whole(pairs, 0), whole(pairs, 1)
    assert second.y_pred.tolist() == [9.0, 8.0]
    assert [None if one.weight is None else one.weight.tolist() for one in (first, second)] == [[5.0, 6.0]] * 2
    assert first.by == second.by


def test_rows_are_paired_by_key_in_the_order_of_the_first(tmp_path: Path) -> None:
    a, b = "id,y_true,y_pred\nx,1,2\ny,3,4\nz,5,6\n", "y_pred,id,y_true\n60,z,5\n20,x,1\n40,y,3\n"
    pairs = paired(tmp_path, a, b, id="id")
    assert whole(pairs, 1).y_pred.tolist() == [20.0, 40.0, 60.0]
    assert whole(pairs, 0).rows.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("id,y_true,y_pred\nx,1,2\n", r"a\.csv, line 3, column id: 'y' is not in b\.csv \(1 such row\)"),
        ("id,y_true,y_pred\nx,1,2\ny,3,4\nz,5,6\n", r"b\.csv, line 4, column id: 'z' is not in a\.csv"),
        ("id,y_true,y_pred\nx,1,2\ny,3,4\ny,3,4\n", "id 'y' stands twice"),
        ("id,y_true,y_pred\nx,1,2\ny,3.5,4\n", "the truth of row 2 differs"),
        ("id,y_true,y_pred\n", "no id stands in both a.csv and b.csv"),
    ],
)
def test_keys_that_do_not_match_one_to_one_are_refused(tmp_path: Path, second: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        paired(tmp_path, "id,y_true,y_pred\nx,1,2\ny,3,4\n", second, id="id")


def test_the_first_row_whose_truth_differs_is_named_with_both_places_and_values(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        paired(tmp_path, "y_true,y_pred\n1,2\n3,4\n5,6\n", "y_true,y_pred\n1,2\n3.5,4\n6,6\n")
    assert "row 2 differs" in caught.value.message
    assert "a.csv, line 3, column y_true has 3.0" in caught.value.message
    assert "b.csv, line 3, column y_true has 3.5" in caught.value.message
    assert "--id" in caught.value.hint


@pytest.mark.parametrize(("rows", "said"), [(1, "a.csv has 2 rows and b.csv has 1 rows"), (3, "b.csv has 3 rows")])
def test_unequal_lengths_are_refused_with_both_counts(tmp_path: Path, rows: int, said: str) -> None:
    lines = ["1,2\n", "3,4\n", "5,6\n"]
    with pytest.raises(DataError, match=said):
        paired(tmp_path, "y_true,y_pred\n1,2\n3,4\n", "y_true,y_pred\n" + "".join(lines[:rows]))


def test_a_row_that_lacks_a_value_in_either_source_is_dropped_from_both_and_counted_once(tmp_path: Path) -> None:
    pairs = paired(tmp_path, "y_true,y_pred\n1,\n3,4\n5,6\n7,8\n", "y_true,y_pred\n1,2\n3,\n5,6\n7,8\n", missing="drop")
    for side in (0, 1):
        assert whole(pairs, side).rows.tolist() == [3, 4]
        assert sum(count for pair in pairs for count in pair[side].dropped.values()) == 2


def test_rows_that_are_all_dropped_are_still_counted(tmp_path: Path) -> None:
    ((first, second),) = paired(tmp_path, "y_true,y_pred\n1,\n", "y_true,y_pred\n1,2\n", missing="drop")
    assert (len(first), len(second), dict(first.dropped)) == (0, 0, {(): 1})


def test_a_missing_value_of_either_source_is_an_error_that_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"b\.csv, line 3, column y_pred: a missing value \(row 2; 1 of 2 rows\)"):
        paired(tmp_path, "y_true,y_pred\n1,2\n3,4\n", "y_true,y_pred\n1,2\n3,\n")


def test_a_missing_truth_agrees_with_itself(tmp_path: Path) -> None:
    pairs = paired(tmp_path, "y_true,y_pred\n,2\n3,4\n", "y_true,y_pred\n,9\n3,8\n", missing="propagate")
    assert whole(pairs, 0).rows.tolist() == [1, 2]


def test_a_label_means_the_same_class_in_both_sources(tmp_path: Path) -> None:
    pairs = paired(tmp_path, "y_true,y_pred\nb,b\nc,b\n", "y_true,y_pred\nb,a\nc,c\n", loss="accuracy")
    first, second = whole(pairs, 0), whole(pairs, 1)
    assert first.classes == second.classes == ("a", "b", "c")
    assert first.y_true.tolist() == second.y_true.tolist() == [1.0, 2.0]


def test_a_label_that_differs_is_named_as_it_is_written(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has 'b' and .* has 'a'"):
        paired(tmp_path, "y_true,y_pred\nb,b\n", "y_true,y_pred\na,b\n", loss="accuracy")


def test_truth_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="different kinds of truth"):
        paired(tmp_path, "y_true,y_pred\nb,b\n", "y_true,y_pred\n1,1\n", loss="accuracy")


def blocks(values: Sequence[float], sizes: Sequence[int]) -> Iterator[Batch]:
    """Yield rows in batches of these sizes, whose places tell where they were."""
    start = 0
    for size in sizes:
        part = np.array(values[start : start + size], dtype=np.float64)
        yield replace(Batch.of(part, part), rows=np.arange(start + 1, start + size + 1))
        start += size


@pytest.mark.parametrize("sizes", [(5,), (1, 4), (2, 0, 3), (1, 1, 1, 1, 1), (0, 5)])
def test_batches_of_any_size_are_paired_row_by_row(sizes: tuple[int, ...]) -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0]
    pairs = list(by_order(["a", "b"], [blocks(values, sizes), blocks(values, (3, 2))]))
    assert [one.tolist() for one in (whole(pairs, 0).y_pred, whole(pairs, 1).y_pred)] == [values, values]
    assert all(len(first) == len(second) for first, second in pairs)


@dataclass(frozen=True)
class Where:
    """Names a place by the number of its batch."""

    batch: int

    def __call__(self, index: int, part: str, column: int = 0) -> str:
        """Return the place."""
        return f"{self.batch}:{index} {part} {column}"


def test_a_joined_batch_tells_where_each_row_stood() -> None:
    parts = blocks([1.0, 2.0, 3.0], (1, 2))
    one = joined([replace(part, place=Where(n)) for n, part in enumerate(parts)])
    assert [one.place(i, "y_pred", 4) for i in range(3)] == ["0:0 y_pred 4", "1:0 y_pred 4", "1:1 y_pred 4"]
