"""The comparison for the README: a few losses at inputs where frameworks overflow, clip or lose every digit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FRAMEWORKS, TABLE = HERE / "frameworks.json", HERE / "table.md"
TITLES = {"torch": "PyTorch", "keras": "Keras", "sklearn": "scikit-learn"}


@dataclass(frozen=True)
class Row:
    """One line of the table: what the loss is called in the record, what the input is, and the command."""

    name: str
    what: str
    command: str
    losscli: str
    exact: str


ROWS = [
    Row(
        "bce",
        "`bce`: the truth is 1, the probability 1e-50",
        "losscli bce --true 1 --pred 1e-50 -f value",
        "115.12925464970229",
        "115.12925464970228419",
    ),
    Row(
        "ce",
        "`ce`: class 0, logits 40 and 0",
        "losscli ce --from-logits --true 0 --pred 40,0 -f value",
        "4.248354255291589e-18",
        "4.2483542552915889863e-18",
    ),
    Row(
        "log-cosh",
        "`log-cosh`: an error of 1e-9",
        "losscli log-cosh --true 0 --pred 1e-9 -f value",
        "5e-19",
        "5.000000000000000622e-19",
    ),
    Row(
        "soft-margin",
        "`soft-margin`: label 1, score -1000",
        "losscli soft-margin --true 1 --pred -1000 -f value",
        "1000.0",
        "1000",
    ),
    Row(
        "kld",
        "`kld`: (¼, ¾) and (¼ + 2⁻³⁰, ¾ − 2⁻³⁰)",
        "losscli kld --true 0.25,0.75 --pred 0.2500000009313226,0.7499999990686774 -f value",
        "2.3129646308062028e-18",
        "2.3129646308062029321e-18",
    ),
    Row(
        "cosine-distance",
        "`cosine-distance`: (1e200, 1e200) and (1, 3)",
        "losscli cosine-distance --true 1e200,1e200 --pred 1,3 -f value",
        "0.10557280900008412",
        "0.10557280900008412144",
    ),
    Row(
        "poisson-deviance",
        "`poisson-deviance`: 1 event, a rate of 1 + 1e-9",
        "losscli poisson-deviance --true 1 --pred 1.000000001 -f value",
        "1.000000164814082e-18",
        "1.0000001648140820125e-18",
    ),
]


def cell(answer: str | None) -> str:
    """Return a framework's number to six digits, a dash where it has none."""
    return "–" if answer is None else f"{float(answer) + 0.0:.6g}"


def as_markdown(recorded: dict[str, Any]) -> str:
    """Return the table, with the frameworks' versions below it."""
    answers, versions = recorded["answers"], recorded["versions"]
    lines = [
        f"| loss and input | losscli | {' | '.join(TITLES.values())} | exact |",
        f"| --- | --- | {' | '.join('---' for _ in TITLES)} | --- |",
    ]
    for row in ROWS:
        theirs = " | ".join(cell(answers[name].get(row.name)) for name in TITLES)
        lines.append(f"| {row.what} | {row.losscli} | {theirs} | {row.exact} |")
    commands = "\n".join(f"$ {row.command}\n{row.losscli}" for row in ROWS)
    used = ", ".join(f"{name} {version}" for name, version in versions.items())
    return "\n".join(lines) + f"\n\nAll in float64: {used}.\n\n```console\n{commands}\n```\n"
