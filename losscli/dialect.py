"""What a framework's own words mean here, when they follow its path: ``sklearn.metrics.log_loss:normalize=false``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import get_args, get_origin

from losscli.conventions import CONVENTIONS
from losscli.declared import Declared, Like
from losscli.errors import UsageError, did_you_mean

REDUCTION = "reduction"
_FLAGS = {"yes": "true", "on": "true", "no": "false", "off": "false"}


@dataclass(slots=True)
class Said:
    """What a framework's words come to.

    ``words`` are they themselves, as they are printed; ``params`` the values of our parameters that they stand for;
    ``reduction`` our name of the reduction asked for, empty for what the framework does by default.
    """

    words: dict[str, str] = field(default_factory=dict)
    params: dict[str, object] = field(default_factory=dict)
    reduction: str = ""


def read(path: str, twin: Like, loss: str, words: Mapping[str, str]) -> Said:
    """Read the parameters after a path that are not in ``twin.takes``.

    Raises UsageError, with the reason where there is one, for what has no meaning here.
    """
    said = Said()
    for key, value in words.items():
        word = _FLAGS.get(value.lower(), value)
        known = twin.means.get(key, {})
        if key == REDUCTION:
            word = word.lower()
            params, said.reduction = _reduced(path, twin, word)
        elif word.lower() in known:
            params = dict(known[word.lower()])
            said.reduction = str(params.pop(REDUCTION, said.reduction))
        else:
            _accept(path, twin, loss, key, word)
            params = {}
        said.words[key] = word
        said.params |= params
    return said


def names(twin: Like) -> set[str]:
    """Return the parameters that can follow a path: those that are taken, and those that are refused for a reason."""
    from losscli.refusals import REFUSED  # noqa: PLC0415  only where a path is followed by the framework's own words

    return {*twin.takes, *twin.means, *REFUSED.get(twin.framework, {})}


def refuse_commas(spec: str, one: Declared, twin: Like | None, keys: Iterable[str]) -> None:
    """Raise UsageError, with the SPEC that is meant, for a list with commas as CatBoost has it: ``alpha=0.1,0.9``."""
    for key, after in pairwise(keys):
        param = one.params.get(twin.takes.get(key, "") if twin else key)
        if after.isidentifier() or param is None:
            continue
        if tuple not in [get_origin(kind) for kind in (param.type, *get_args(param.type))]:
            continue
        import re  # noqa: PLC0415  only for the message

        name, equals, values = spec.partition("=")
        meant = re.sub(r",\s*(?=[\d.+-])", "/", values).replace(";", ",")
        raise UsageError(f"{spec}: the values of {key} are separated by /", f"write {name}{equals}{meant}")


def _reduced(path: str, twin: Like, asked: str) -> tuple[dict[str, object], str]:
    """Return what a framework's own ``reduction`` means. Raises UsageError for one that it does not have."""
    reductions = CONVENTIONS[twin.framework].reductions
    known = [one for one in reductions if one != "batchmean" or one in twin.reductions]
    if asked not in known:
        near = did_you_mean(asked, known) or (f"it has {', '.join(known)}" if known else "--reduction is losscli's own")
        raise UsageError(f"{path} has no reduction {asked!r}", near)
    return dict(twin.reductions.get(asked, {})), "" if asked == "mean" else reductions[asked]


def _accept(path: str, twin: Like, loss: str, key: str, word: str) -> None:
    """Let a parameter pass whose value says what losscli does anyway. Raises UsageError for any other."""
    from losscli.refusals import REFUSED  # noqa: PLC0415  as above

    if meanings := twin.means.get(key):
        raise UsageError(f"{path}: {key}: expected one of {' | '.join(meanings)}, received {word!r}")
    refused = REFUSED.get(twin.framework, {}).get(key)
    if refused is None:
        known = [*twin.takes, *twin.means]
        way_out = did_you_mean(key, known) or f"it takes {', '.join(known)}"
        raise UsageError(f"{path} has no parameter {key!r} that {loss} knows", way_out if known else "")
    if word.lower() not in refused.usual:
        value = f"={word}" if refused.usual else ""
        raise UsageError(f"{path}: {key}{value} is not taken: {refused.why}", refused.instead)
