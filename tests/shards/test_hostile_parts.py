"""A partial result may come from anyone: it is data, and what is wrong with it is told in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shard_cases import HERE, computed_of, merged

from losscli import __version__
from losscli.batch import Batch
from losscli.errors import DataError, LossCliError
from losscli.merging import Merger
from losscli.partials import partial
from losscli.spec import bind

LABELS, SHARES = np.array([0.0, 1.0, 1.0, 0.0]), np.array([0.25, 0.5, 0.75, 0.5])
BATCH = replace(Batch.of(LABELS, SHARES, np.array([1.0, 2.0, 2.0, 1.0])), by={"region": ["n", "s", "s", "n"]})


def line(spec: str, **more: Any) -> str:  # noqa: ANN401  fields of what was computed
    batch = replace(BATCH, group=["q", "r", "r", "q"]) if spec == "dcg" else BATCH
    bounds = [bind(spec, like=more.pop("like", None))]
    return partial([batch], computed_of(bounds, batch, **more), bounds)[0]


VALID = {
    "loss": json.loads(line("mse")),
    "torch's loss": json.loads(line("mse", like="torch")),
    "one class": json.loads(line("hinge", like="sklearn")),
    "quantile": json.loads(line("mae", reduction="median")),
    "sorted rows": json.loads(line("roc-auc")),
    "ranking": json.loads(line("dcg")),
    "counts": json.loads(line("accuracy")),
    "sums": json.loads(line("r2")),
}

ARRAY = {"dtype": "<f8", "shape": [1], "data": "AAAAAAAA8D8="}
JUNK: list[Any] = [
    *(None, True, False, 0, -1, 2**70, 1.5, -0.0, 1e308),
    *("", "x", "nan", "-inf", "1p0", "fp3", "1p99999", "AAAA", "mse", "./mine.py:loss"),
    *([], [[]], [None], [1, 2], [0.5], ["a", "b"], [["n"]], [[None, {}]]),
    *({}, {"a": 1}, ARRAY, {**ARRAY, "dtype": "<i8"}, {**ARRAY, "shape": [0], "data": ""}),
]


def places(node: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  JSON
    """Every (container, key) in a document."""
    if isinstance(node, dict | list):
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        return [(node, key) for key in keys] + [found for key in keys for found in places(node[key])]
    return []


def put(where: tuple[Any, Any], junk: Any) -> None:  # noqa: ANN401  as above
    where[0][where[1]] = junk


def remove(where: tuple[Any, Any], _: object) -> None:
    del where[0][where[1]]


def double(where: tuple[Any, Any], _: object) -> None:
    container, key = where
    if isinstance(container, list):
        container.append(deepcopy(container[key]))
    else:
        container[f"{key}_"] = deepcopy(container[key])


@pytest.mark.parametrize("name", VALID)
@pytest.mark.parametrize("change", [put, remove, double], ids=lambda change: change.__name__)
def test_a_part_that_was_tampered_with_is_merged_or_refused_and_never_a_crash(
    name: str, change: Callable[[tuple[Any, Any], Any], None]
) -> None:
    told: list[str] = []

    @settings(max_examples=80, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def example(data: st.DataObject) -> None:
        document = deepcopy(VALID[name])
        for _ in range(data.draw(st.integers(1, 2))):
            found = places(document)
            change(found[data.draw(st.integers(0, len(found) - 1))], deepcopy(data.draw(st.sampled_from(JUNK))))
        merger = Merger(repeats=True)
        try:
            merger.add(json.dumps(document).encode(), HERE)
            merger.add(json.dumps(VALID[name]).encode(), HERE)
            merger.report()
            merger.whole().notes()
            merger.line()
        except LossCliError as problem:
            told.append(problem.message)

    example()
    assert told
    assert all(0 < len(message) < 1000 for message in told)


@pytest.mark.parametrize("name", VALID)
def test_a_part_that_was_cut_short_or_damaged_is_refused(name: str) -> None:
    whole = json.dumps(VALID[name]).encode()
    for end in range(0, len(whole), max(1, len(whole) // 60)):
        with pytest.raises(DataError):
            Merger().add(whole[:end], HERE)
    with pytest.raises(DataError):
        Merger().add(whole[: len(whole) // 2] + b"\xff" + whole[len(whole) // 2 :], HERE)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b'{"kind": ' * 20_000,
        b"null",
        b"[]",
        b"3",
        b'"losscli-partial"',
        b"{}",
        b"\x00\x01",
        b"1" * 10_000,
        b'{"kind": "losscli-partial"}',
        b"y_true,y_pred",
    ],
    ids=lambda content: content[:20].decode("latin-1"),
)
def test_what_is_no_partial_result_is_refused_with_its_place(content: bytes) -> None:
    with pytest.raises(DataError, match=r"here, line 1"):
        Merger().add(content, HERE)


def changed(**fields: object) -> bytes:
    return json.dumps({**VALID["loss"], **fields}).encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (changed(kind="report"), "kind"),
        (changed(schema=2), "schema 2"),
        (changed(losscli="99.0"), "losscli 99.0"),
        (changed(fingerprints=["xyz"]), "24 hexadecimal digits"),
        (changed(fingerprints=[" " * 24]), "24 hexadecimal digits"),
        (changed(state=None), "a state if it has rows"),
        (changed(extra=1), "known names"),
    ],
)
def test_the_refusal_says_what_is_wrong(content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        Merger().add(content, HERE)


def with_signature(**fields: object) -> bytes:
    return changed(signature={**VALID["loss"]["signature"], **fields})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_signature(losses=[{"spec": "nosuchloss", "means": "x"}]), "no loss is called 'nosuchloss'"),
        (with_signature(losses=[{"spec": "mse", "means": "mse", "like": "nosuch"}]), "no framework"),
        (with_signature(losses=[{"spec": "huber", "means": "huber:delta=3"}]), "huber was huber:delta=3"),
        (with_signature(losses=[{"spec": "m" * 70_000, "means": "x"}]), "a name that long"),
        (with_signature(reduction="nosuch"), "no reduction is called 'nosuch'"),
        (with_signature(rows={"true": [], "pred": [10**9], "weight": False, "labels": [False, False]}), "values a row"),
        (with_signature(rows={"true": [], "pred": [3], "weight": False, "labels": [False, False]}), "values a row"),
    ],
)  # fmt: skip
def test_what_it_asks_for_is_checked_like_what_is_typed(content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        Merger().add(content, HERE)


def test_a_part_never_runs_code_that_was_not_named_on_the_command_line(tmp_path: Any) -> None:  # noqa: ANN401  a path
    mine = tmp_path / "mine.py"
    mine.write_text("raise SystemExit('it ran')\n")
    asked = [{"spec": f"{mine}:loss", "means": f"{mine}:loss"}]
    with pytest.raises(DataError, match="code of your own"):
        Merger().add(with_signature(losses=asked), HERE)


@pytest.mark.parametrize("name", ["sorted rows", "ranking"])
@pytest.mark.parametrize("use", [Merger.line, Merger.report], ids=["written again", "reported"])
def test_parts_of_rows_with_unlike_columns_are_refused_however_the_sum_is_used(
    name: str, use: Callable[[Merger], object]
) -> None:
    document = deepcopy(VALID[name])
    columns, *_ = document["state"]["tallies"][0]["found"][0][1][0]
    del columns[-1]
    with pytest.raises(DataError, match="its state cannot be that of any data"):
        use(merged([json.dumps(document), json.dumps(VALID[name])]))


def test_the_valid_part_is_merged() -> None:
    twice = merged([json.dumps(VALID["loss"])] * 2).report()
    assert (twice.n, twice.results[-1].value) == (8, 0.15625)
    assert __version__ == VALID["loss"]["losscli"]
