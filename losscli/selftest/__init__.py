"""The laws that a loss must keep, tried on a user's own."""

from __future__ import annotations

from dataclasses import dataclass

from losscli.errors import UsageError
from losscli.plugins import ANY
from losscli.registry import Loss
from losscli.selftest.laws import LAWS, Law, one_float_per_sample
from losscli.selftest.samples import Sample, samples
from losscli.selftest.trial import Broken, Inapplicable, Trial, Unusable
from losscli.spec import Bound


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one law: ``pass``, ``fail``, ``not claimed`` or ``not tried``; and a row that shows it."""

    law: str
    claim: str
    verdict: str
    fact: str = ""
    y_true: object = None
    y_pred: object = None


def selftest(bound: Bound) -> list[Finding]:
    """Try every law on a loss; a law that the loss does not claim can hold or not, and does not fail.

    Raises UsageError for a score, and for a loss that takes neither numbers nor rows (``ctc``).
    """
    if not isinstance(bound.loss, Loss):
        raise UsageError(f"{bound.spec} is no loss but a score", "the laws are those of losses: one number per sample")
    trial = Trial(bound)
    found = list(samples(bound))
    if bound.loss.pred is ANY:  # a plain function does not say what it is for: the first shape that it takes
        usable = (one for one in found if not isinstance(_outcome(one_float_per_sample, trial, [one]), Unusable))
        found = [next(usable, found[0])]
    if not found:
        raise UsageError(
            f"no data could be drawn for {bound.spec}", "the laws are tried on numbers and rows of numbers"
        )
    findings: list[Finding] = []
    usable_so_far = True
    for name, (law, claims) in LAWS.items():
        claimed = claims(trial)
        outcome = _outcome(law, trial, found) if usable_so_far else Inapplicable("there are no losses to try it on")
        usable_so_far &= not (claimed and isinstance(outcome, Unusable))
        findings.append(_finding(name, (law.__doc__ or "").strip(), outcome, claimed=claimed))
    return findings


def _outcome(law: Law, trial: Trial, found: list[Sample]) -> Broken | Inapplicable | None:
    """Return what breaks a law, or why no sample can try it, or None if it holds."""
    outcomes: list[Inapplicable | None] = []
    for sample in found:
        try:
            law(trial, sample)
        except Broken as broken:
            return broken
        except Inapplicable as why:
            outcomes.append(why)
        else:
            outcomes.append(None)
    return None if None in outcomes else outcomes[0]


def _finding(law: str, claim: str, outcome: Broken | Inapplicable | None, *, claimed: bool) -> Finding:
    if isinstance(outcome, Inapplicable):
        return Finding(law, claim, "not tried", str(outcome))
    if outcome is None:
        return Finding(law, claim, "pass") if claimed else Finding(law, claim, "not claimed", "it holds all the same")
    return Finding(law, claim, "fail" if claimed else "not claimed", outcome.fact, outcome.y_true, outcome.y_pred)
