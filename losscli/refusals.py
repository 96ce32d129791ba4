"""A framework's parameters that losscli does not take: why, what to do instead, and which value it agrees with.

A parameter that is given with a value in ``usual`` asks for what losscli does anyway, and is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a parameter is refused and what to do instead; the values, as a SPEC writes them, that are accepted."""

    why: str
    instead: str
    usual: tuple[str, ...] = ()


LAST = Refused("losscli takes a sample per row, and the last axis is the classes", "leave it out, or write -1", ("-1",))
ROW_OF_TWO_AXES = Refused(LAST.why, "leave it out, or write 1 or -1", ("1", "-1"))
NO_NUMBER = Refused("it changes no number", "leave it out")
FLOAT64 = Refused("losscli computes in float64", "leave it out", ("float64", "none"))
DATA = Refused("it is data, not a parameter", "give --true and --pred")
WEIGHT = Refused("a weight for each row is data, not a parameter", "give --weight", ("none",))
CLASSES = Refused("--classes gives the labels in order", "give --classes a,b,c", ("none",))
DEPRECATED = Refused("it is deprecated in PyTorch", "write reduction=mean, sum or none", ("none",))
MASK = Refused("every row counts whole", "leave the rows out of the data, or weigh them 0", ("none",))
PADDING = Refused("the rows say it themselves: -1 stands where a sequence has ended", "leave it out", ("none",))
ORDER = Refused("losscli reads one sequence per row, in any layout of the framework", "leave it out")
DEFAULT_ONLY = "losscli computes the framework's default only"


def _default(*usual: str, instead: str = "") -> Refused:
    return Refused(DEFAULT_ONLY, instead or f"leave it out, or write {' or '.join(usual)}", usual)


def _all(names: str, refused: Refused) -> dict[str, Refused]:
    return dict.fromkeys(names.split(), refused)


KERAS = {
    **_all("name", NO_NUMBER),
    **_all("dtype", FLOAT64),
    **_all("axis", LAST),
    **_all("sample_weight", WEIGHT),
    **_all("y_true y_pred mask", DATA),
    **_all("from_logits", Refused("there are no logits here", "give probabilities", ("false",))),
    "ignore_class": Refused("this loss has no class to ignore", "leave those rows out of the data", ("none",)),
    "thresholds": Refused("the area is exact, over every threshold", "leave it out", ("none",)),
    "num_thresholds": Refused("the area is exact, over every threshold", "leave it out"),
    "curve": _default("roc", instead="leave it out; for PR take average-precision"),
    "summation_method": Refused("the area is exact, and needs no interpolation", "leave it out"),
    "multi_label": _default("false"),
    "num_labels": _default("none"),
    "label_weights": _default("none"),
    "class_aggregation": _default("uniform_average"),
    "num_regressors": _default("0", instead="leave it out: losscli does not adjust for the number of regressors"),
    "class_id": _default("none", instead="take average=macro of sklearn.metrics for every class"),
    "top_k": _default("none", instead="take precision-at-k or recall-at-k"),
    "from_sorted_ids": _default("false", instead="give a score for each class"),
}
TENSORFLOW = {
    **_all("name scope loss_collection", NO_NUMBER),
    **_all("dtype", FLOAT64),
    **_all("axis dim", LAST),
    "weights": Refused(WEIGHT.why, WEIGHT.instead, ("1",)),
    **_all("labels logits predictions targets multi_class_labels onehot_labels log_input t", DATA),
    **_all("label_length logit_length unique", PADDING),
    **_all("logits_time_major", ORDER),
}
TORCH = {
    **_all("size_average reduce", DEPRECATED),
    **_all("weight", WEIGHT),
    **_all("dim", ROW_OF_TWO_AXES),
    **_all("dtype", FLOAT64),
    **_all("device inplace out", NO_NUMBER),
    **_all("input input1 input2 x1 x2 target var anchor positive negative log_probs targets", DATA),
    **_all("input_lengths target_lengths", PADDING),
    "label_smoothing": Refused("a class label has no shares", "take ce:from_logits,label_smoothing=SHARE", ("0",)),
}
SKLEARN = {
    **_all("sample_weight", WEIGHT),
    **_all("labels", CLASSES),
    **_all("y_true y_pred y_proba y_prob y_score pred_decision y1 y2", DATA),
    **_all("device xp", NO_NUMBER),
    **_all("dtype", FLOAT64),
    "multioutput": Refused(
        "losscli averages over the columns of a row alike",
        "score each column alone: --pred column",
        ("uniform_average",),
    ),
    "eps": Refused("scikit-learn 1.5 took it out", "take losscli's own: bce:eps=… or ce:eps=…", ("auto",)),
    "squared": Refused("scikit-learn has another function for the root", "take root_mean_squared_error", ("true",)),
    "normalize": Refused("a share is no sum", "take zero-one with --reduction sum", ("true",)),
    "pos_label": Refused("the positive class is the second", "give --classes negative,positive", ("1", "none")),
    "max_fpr": _default("none"),
    "multi_class": _default("raise"),
    "ignore_ties": _default("false"),
    "log_base": _default("2", instead="leave it out, and multiply the result by the base's logarithm to base 2"),
    "replace_undefined_by": _default("nan"),
}
OPTAX = {
    **_all("axis", LAST),
    **_all("where", MASK),
    **_all("weights", WEIGHT),
    **_all("predictions targets logits labels scores log_predictions log_targets predictor_outputs", DATA),
    **_all("anchors positives negatives", DATA),
    **_all("logit_paddings label_paddings", PADDING),
    "norm_degree": _default("2", instead="take losscli's own: triplet:p=DEGREE"),
    "apply_sigmoid": Refused(
        "optax itself refuses one probability for each element", "take losscli's own: dice", ("true",)
    ),
    "smooth": Refused("optax adds it to half of the fraction", "take dice:from_logits,smooth=TWICE_IT", ("1",)),
    "class_weights": _default("none", instead="leave it out: losscli takes one mask a row"),
    "ignore_background": _default("false", instead="give the mask of the foreground"),
    "log_epsilon": _default("-100000"),
    "reduce_fn": Refused("losscli reduces the rows itself", "give --reduction"),
}
CATBOOST = {
    **_all("hints border lambda raw_values_scale dist scale", NO_NUMBER),
    "proba_border": _default("0.5"),
    "use_weights": Refused("losscli uses the weights that it is given", "leave --weight out", ("true",)),
    "max_pairs": Refused("every pair counts, not some at random", "leave it out"),
    "denominator": _default("logposition"),
    "type": _default("classic"),
}

REFUSED: dict[str, dict[str, Refused]] = {
    "keras": KERAS,
    "keras2": KERAS,
    "tensorflow": TENSORFLOW,
    "torch": TORCH,
    "sklearn": SKLEARN,
    "optax": OPTAX,
    "catboost": CATBOOST,
}
"""Framework -> its parameter -> why it is refused."""
