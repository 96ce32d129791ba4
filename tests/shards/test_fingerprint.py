"""A fingerprint is that of the data, not of its file or its chunks."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from losscli.batch import Batch
from losscli.fingerprint import Fingerprint
from losscli.sources.dataset import Dataset
from losscli.sources.options import DataOptions, Needs
from losscli.spec import bind


class Silent:
    def say(self, text: str) -> None: ...

    def detail(self, text: str) -> None: ...


def fingerprint(*batches: Batch) -> str:
    seen = Fingerprint()
    for batch in batches:
        seen.update(batch)
    return seen.hexdigest()


def of_file(path: Path, spec: str = "mse", **options: str) -> str:
    data = DataOptions(files=(str(path),), **options)  # type: ignore[arg-type]  # only texts are given
    return fingerprint(*Dataset(data, Needs.of([bind(spec)]), Silent()).batches())


PLAIN = Batch.of(np.array([1.0, 2.0, 0.0]), np.array([0.1, -3.5, 1e-300]))


def test_it_does_not_depend_on_the_chunks() -> None:
    whole = replace(PLAIN, group=["a", "b", "c"], by={"region": ["n", "s", "n"]}, weight=np.array([1.0, 0.5, 0.0]))
    pieces = [whole.only(np.array(chosen)) for chosen in ([True, False, False], [False, True, True])]
    assert fingerprint(whole) == fingerprint(*pieces)


def test_it_is_the_same_for_every_format(tmp_path: Path) -> None:
    y_true, y_pred = PLAIN.y_true.tolist(), PLAIN.y_pred.tolist()
    (tmp_path / "a.csv").write_text(
        "y_true,y_pred\n" + "".join(f"{t},{p}\n" for t, p in zip(y_true, y_pred, strict=True))
    )
    (tmp_path / "a.tsv").write_text(
        "y_pred\tz\ty_true\n" + "".join(f"{p:.17e}\tx\t{t:.0f}\n" for t, p in zip(y_true, y_pred, strict=True))
    )
    (tmp_path / "a.json").write_text(json.dumps({"y_true": y_true, "y_pred": y_pred}))
    np.savez(tmp_path / "a.npz", y_true=np.array([1, 2, 0], dtype=np.int32), y_pred=PLAIN.y_pred)
    found = {of_file(tmp_path / f"a.{suffix}") for suffix in ("csv", "tsv", "json", "npz")}
    assert found == {fingerprint(PLAIN)}


def test_labels_are_their_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("y_true,p_cat,p_dog\ncat,0.5,0.5\ndog,0.25,0.75\n")
    (tmp_path / "a.jsonl").write_text('{"y_true":"cat","y_pred":[0.5,0.5]}\n{"y_true":"dog","y_pred":[0.25,0.75]}\n')
    assert of_file(tmp_path / "a.csv", "ce", pred="p_*") == of_file(tmp_path / "a.jsonl", "ce")


def test_it_stays_what_it_is_in_every_version() -> None:
    whole = replace(PLAIN, group=["a", "b", "c"], by={"region": ["n", "s", "ß"]}, weight=np.array([1.0, 0.5, 0.0]))
    assert fingerprint(Batch.of(np.array([0.0, 1.0]), np.array([0.5, 1.0]))).startswith("b4fd56721a4adb206e59751e")
    assert fingerprint(whole) == "4ef15cfe79b4c4bca77b870a50f93f87760172d12d585855c283747d111a2d4d"


def test_minus_zero_is_zero_and_every_nan_is_the_same() -> None:
    odd = np.array([0x7FF8000000000001, 0xFFF8000000000000], dtype=np.uint64).view(np.float64)
    assert fingerprint(Batch.of(np.array([0.0, 0.0]), odd)) == fingerprint(
        Batch.of(np.array([-0.0, 0.0]), np.array([np.nan, np.nan]))
    )


def test_the_batch_stays_as_it_is() -> None:
    y_true = np.array([-0.0, 1.0])
    fingerprint(Batch.of(y_true, y_true))
    assert np.signbit(y_true[0])


LABELS = Batch.of(np.array([0.0, 1.0]), np.array([0.5, 0.5]))
NAMED = replace(LABELS, classes=("ab", "c"), named=(True, False))


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAIN, y_true=PLAIN.y_pred, y_pred=PLAIN.y_true),
        replace(PLAIN, y_pred=np.nextafter(PLAIN.y_pred, 1)),
        replace(PLAIN, weight=np.ones(3)),
        replace(PLAIN, by={"region": ["n", "n", "n"]}),
        replace(PLAIN, by={"colour": ["n", "n", "n"]}),
        replace(PLAIN, group=["n", "n", "n"]),
        replace(PLAIN, y_pred=PLAIN.y_pred[:, None]),
        PLAIN.only(np.array([True, True, False])),
        PLAIN.only(np.array([False, False, False])),
        LABELS,
        NAMED,
        replace(NAMED, classes=("a", "bc")),
        replace(NAMED, classes=("c", "ab")),
        replace(NAMED, y_true=np.array([np.nan, 1.0])),
    ],
)
def test_any_other_data_has_another_fingerprint(other: Batch) -> None:
    others = [PLAIN, NAMED, LABELS]
    assert all(fingerprint(other) != fingerprint(one) for one in others if one is not other)
