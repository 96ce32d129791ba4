"""Gates: what a number must hold to, and the verdict on whether it does.

Whatever cannot be known is never a pass: a value that is not finite, data without rows, a comparison without interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import isfinite, isnan, nan
from typing import Literal

from losscli.errors import UsageError
from losscli.reductions import reduction
from losscli.spec import as_text
from losscli.stats.compare import Comparison

Verdict = Literal["pass", "fail", "inconclusive", "equal", "skipped"]

Side = Literal["max", "min", "worse"]

SIGNS = {"max": "<=", "min": ">="}


@dataclass(frozen=True, slots=True)
class Gate:
    """One demand: ``side`` is ``max`` or ``min`` of a value, or ``worse``, by which it may be worse than a baseline.

    ``relative`` says that ``bound`` is a share of the baseline; ``reduction`` None is the loss's own.
    """

    spec: str
    reduction: str | None
    side: Side
    bound: float
    relative: bool = False

    @classmethod
    def parse(cls, text: str, side: Side) -> Gate:
        """Read ``SPEC=V`` or ``SPEC@REDUCTION=V``; the last ``=`` splits, and ``V`` may be ``2%`` if it is ``worse``.

        >>> Gate.parse("huber:delta=2@q95=0.3", "max")
        Gate(spec='huber:delta=2', reduction='q95', side='max', bound=0.3, relative=False)
        >>> Gate.parse("mse=2%", "worse").bound
        0.02

        Raises:
            UsageError: no bound, one that is no finite number, a negative tolerance, or an unknown reduction.
        """
        option = f"--{'max-worse' if side == 'worse' else side}"
        what, equals, number = text.rpartition("=")
        if not equals or not what:
            raise UsageError(f"{option}: expected SPEC=V, received {text!r}", f"{option} mse=0.3")
        relative = side == "worse" and number.strip().endswith("%")
        bound = _number(number.strip().removesuffix("%") if relative else number, option, text)
        if side == "worse" and bound < 0:
            raise UsageError(f"{option}: a tolerance cannot be negative, received {text!r}", f"{option} mse=2%")
        bound = float(_decimal(bound) / 100) if relative else bound
        spec, at, reduced = what.rpartition("@")
        if not at or "/" in reduced or "." in reduced.partition("q")[0]:  # a path may hold an @, a reduction no slash
            return cls(what, None, side, bound, relative)
        reduction(reduced)
        return cls(spec, reduced, side, bound, relative)

    def named(self, spec: str, *, larger_is_better: bool = False) -> str:
        """Return the demand as a formula, ``spec`` being the loss in full: ``mse<=0.3``, ``mse<=baseline+2%``.

        >>> Gate.parse("accuracy=1%", "worse").named("accuracy", larger_is_better=True)
        'accuracy>=baseline-1%'
        """
        what = f"{spec}@{self.reduction}" if self.reduction else spec
        if self.side != "worse":
            return f"{what}{SIGNS[self.side]}{as_text(self.bound)}"
        amount = f"{self.bound * 100:.12g}%" if self.relative else as_text(self.bound)
        return f"{what}>=baseline-{amount}" if larger_is_better else f"{what}<=baseline+{amount}"

    def margin(self, baseline: float) -> float:
        """Return by how much a value may be worse than this baseline, in the value's own units."""
        return self.bound * abs(baseline) if self.relative else self.bound


@dataclass(frozen=True, slots=True)
class Judged:
    """A gate and its verdict, with all that led to it; ``reason`` says in words why it is no pass.

    ``bound`` is in the value's own units: None for a share of a baseline that is not known.
    """

    gate: str
    verdict: Verdict
    value: float | None
    bound: float | None
    n: int
    by: Mapping[str, str] | None = None
    baseline: float | None = None
    difference: float | None = None
    interval: tuple[float, float] | None = None
    p: float | None = None
    detectable: float | None = None
    needed: int | None = None
    reason: str = ""


def unjudged(
    gate: Gate, name: str, verdict: Verdict, value: float | None, n: int, *, reason: str, by: Mapping[str, str] | None
) -> Judged:
    """Return a verdict that no comparison led to, but a reason."""
    return Judged(name, verdict, value, None if gate.relative else gate.bound, n, by, reason=reason)


def judge(gate: Gate, name: str, value: float | None, n: int, by: Mapping[str, str] | None = None) -> Judged:
    """Return the verdict on a value that has a bound."""
    lacking = _lacking(n, value)
    if lacking or value is None:
        return unjudged(gate, name, "fail", value, n, reason=lacking, by=by)
    kept = value <= gate.bound if gate.side == "max" else value >= gate.bound
    reason = "" if kept else f"{value!r} is {'above' if gate.side == 'max' else 'below'} {gate.bound!r}"
    return Judged(name, "pass" if kept else "fail", value, gate.bound, n, by, reason=reason)


def judge_reported(
    gate: Gate,
    name: str,
    value: float | None,
    baseline: float | None,
    n: int,
    *,
    sign: int,
    by: Mapping[str, str] | None = None,
) -> Judged:
    """Return the verdict on a value against the number of an earlier report, without interval."""
    lacking = _lacking(n, value, baseline)
    if lacking or value is None or baseline is None:
        return replace(unjudged(gate, name, "fail", value, n, reason=lacking, by=by), baseline=baseline)
    worse, margin = sign * (value - baseline), gate.margin(baseline)
    kept = sign * (_decimal(value) - _decimal(baseline)) <= _allowed(gate, baseline)
    verdict: Verdict = "equal" if worse == 0 else "pass" if kept else "fail"
    reason = "" if kept else f"worse by {worse!r}, and {margin!r} is allowed"
    return Judged(name, verdict, value, margin, n, by, baseline, value - baseline, reason=reason)


def judge_paired(
    gate: Gate,
    name: str,
    value: float | None,
    baseline: float,
    n: int,
    *,
    compared: Comparison,
    alpha: float,
    sign: int,
    by: Mapping[str, str] | None = None,
) -> Judged:
    """Return the verdict on a value against predictions of the same rows: from the interval of the difference."""
    margin, lacking = gate.margin(baseline), _lacking(n, value, baseline)
    verdict: Verdict = "fail" if lacking else compared.against(margin, alpha)
    low, high = compared.interval if sign > 0 else (-compared.interval[1], -compared.interval[0])
    return Judged(
        name, verdict, value, margin, n, by, baseline, sign * compared.worse + 0.0, (low + 0.0, high + 0.0), compared.p,
        compared.detectable, compared.needed, lacking or _why(verdict, compared, margin, n),
    )  # fmt: skip


def overall(judged: Iterable[Judged]) -> Verdict:
    """Return the verdict on all gates: the worst one; gates without any are no pass."""
    found = {one.verdict for one in judged} - {"skipped"}
    if not found:
        return "fail"
    order: tuple[Verdict, ...] = ("fail", "inconclusive", "pass", "equal")
    return next(verdict for verdict in order if verdict in found)


def _lacking(n: int, *values: float | None) -> str:
    """Say that there are no rows, or that the value or its baseline is not finite; nothing if all is there."""
    if not n:
        return "there are no rows"
    if all(one is not None and isfinite(one) for one in values):
        return ""
    return ", ".join(f"{what} {one!r}" for what, one in zip(("the value is", "the baseline's"), values, strict=False))


def _why(verdict: Verdict, compared: Comparison, margin: float, n: int) -> str:
    if verdict == "fail":
        return f"worse by {compared.worse:.6g}, surely by more than the {margin:.6g} that is allowed"
    if verdict != "inconclusive":
        return ""
    if isnan(compared.detectable):
        return "there is no interval: fewer than two rows or clusters, or a resample without a value"
    more = f"; about {compared.needed} rows would settle it" if compared.needed and compared.needed > n else ""
    return f"this data shows effects from {compared.detectable:.3g} on{more}"


def _decimal(number: float) -> Fraction:
    """Return a number as it is written, so that 1.02 is not worse than 1 by more than 2%."""
    return Fraction(repr(number))


def _allowed(gate: Gate, baseline: float) -> Fraction:
    return _decimal(gate.bound) * (abs(_decimal(baseline)) if gate.relative else 1)


def _number(text: str, option: str, whole: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not isfinite(number) or "_" in text:
        raise UsageError(
            f"{option}: expected a finite number after the last =, received {whole!r}", f"{option} mse=0.3"
        )
    return number + 0.0  # of −0, too, nobody is to read the sign
