"""Every parameter that a framework has is taken after its path, or refused with a reason of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from losscli import UsageError, registry
from losscli.dialect import REDUCTION, names
from losscli.refusals import REFUSED
from losscli.spec import bind

registry.load_all()
SIGNATURES: dict[str, list[str]] = json.loads((Path(__file__).parent / "signatures.json").read_text(encoding="utf-8"))[
    "signatures"
]
TWINS = [
    (path.partition(":")[0], twin)
    for table in (registry.LOSSES, registry.SCORES, registry.PENALTIES)
    for one in table.values()
    for twin in one.like
    for path in twin.paths
]
NOT_TAKEN = [
    (path, key)
    for path, keys in SIGNATURES.items()
    for key in keys
    if key not in {REDUCTION}.union(*({*twin.takes, *twin.means} for other, twin in TWINS if other == path))
]
BUILT_IN = {"torch.nn.functional.cosine_similarity"}
"""Written in C: they have no signature."""
OLD = {"squared", "eps", "y_prob"}
"""What scikit-learn has had, and tutorials still write."""
CALLED_WITH = {"sample_weight", "mask", "y_true", "y_pred"}
"""What a loss of Keras takes when it is called, not when it is made."""
ANYWHERE = {
    "dtype",
    "device",
    "inplace",
    "out",
    "from_logits",
    "ignore_class",
    "thresholds",
    "num_thresholds",
    "x1",
    "x2",
}
"""What some other function of the same framework has, and is easily written here."""


@pytest.mark.parametrize("path", sorted({path for path, twin in TWINS if twin.framework in REFUSED} - BUILT_IN))
def test_every_path_has_a_recorded_signature(path: str) -> None:
    assert SIGNATURES[path]


@pytest.mark.parametrize("path", SIGNATURES)
def test_every_parameter_of_a_framework_is_taken_or_refused_with_a_reason(path: str) -> None:
    for twin in (twin for other, twin in TWINS if other == path):
        assert set(SIGNATURES[path]) - {REDUCTION} <= names(twin)


@pytest.mark.parametrize("path", SIGNATURES)
def test_nothing_is_taken_that_the_framework_does_not_have(path: str) -> None:
    claimed = {key for other, twin in TWINS if other == path for key in (*twin.takes, *twin.means)}
    assert claimed <= set(SIGNATURES[path])


@pytest.mark.parametrize(("path", "key"), NOT_TAKEN)
def test_a_parameter_that_is_not_taken_is_refused_with_a_way_out(path: str, key: str) -> None:
    with pytest.raises(UsageError, match=rf"{key}(=nonsense)? is not taken: \S+") as refusal:
        bind(f"{path}:{key}=nonsense")
    assert refusal.value.hint


@pytest.mark.parametrize(("framework", "key"), [(name, key) for name, table in REFUSED.items() for key in table])
def test_a_reason_is_for_a_parameter_that_the_framework_has(framework: str, key: str) -> None:
    # both versions of Keras have one table
    had = {each for path, twin in TWINS if twin.framework[:5] == framework[:5] for each in SIGNATURES.get(path, ())}
    assert key in had | OLD | CALLED_WITH | ANYWHERE


@pytest.mark.parametrize(
    ("framework", "key", "value"),
    [
        (name, key, value)
        for name, table in REFUSED.items()
        for key, refused in table.items()
        for value in refused.usual
    ],
)
def test_a_value_that_says_what_losscli_does_anyway_is_accepted(framework: str, key: str, value: str) -> None:
    path = next((path for path, twin in TWINS if twin.framework == framework and key not in names_taken(twin)), "")
    assert bind(f"{path}:{key}={value}").spec == f"{path}:{key}={value}"


def names_taken(twin: registry.Like) -> set[str]:
    """The parameters that have a meaning here."""
    return {*twin.takes, *twin.means}
