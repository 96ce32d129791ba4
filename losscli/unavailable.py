"""Losses that frameworks have and that truth and predictions alone do not determine: known by name, and refused."""

from __future__ import annotations

BATCH = "compares every row of a batch with every other, so its number depends on how the rows were batched"
SAMPLED = "needs the weights of the last layer and random draws, not the predictions"
TRAINING = "is a rule for training a ranking, not a number: the framework itself prints none"
BOUNDED = "needs the ends of the distribution beside its parameters, and either may be infinite"
SPECIAL = "needs an incomplete beta or gamma function or a like one, which losscli and numpy do not have"
BOXES = "compares the geometry of two shapes, not numbers row by row"

FREQUENT = "weighs each class by how often it occurs in all rows together, so that its number depends on the batch"

DRAWS = "crps of an ensemble of draws, which it nears as they grow in number"

OBJECTIVE = "names a gradient that XGBoost trains with, not a number"
OBJECTIVES = {
    "mse": ("reg:squarederror", "reg:linear"),
    "msle": ("reg:squaredlogerror",),
    "mae": ("reg:absoluteerror",),
    "pseudo-huber": ("reg:pseudohubererror",),
    "pinball": ("reg:quantileerror",),
    "bce": ("binary:logistic", "reg:logistic"),
    "bce:from_logits": ("binary:logitraw",),
    "hinge": ("binary:hinge",),
    "ce": ("multi:softprob", "multi:softmax"),
    "poisson-nll": ("count:poisson",),
    "gamma-deviance": ("reg:gamma",),
    "tweedie-deviance": ("reg:tweedie",),
    "cox-nll": ("survival:cox",),
    "aft-nll": ("survival:aft",),
}
"""A loss -> the objectives of XGBoost that have its shape."""

UNAVAILABLE: dict[str, tuple[str, str]] = {
    **{name: (OBJECTIVE, loss) for loss, names in OBJECTIVES.items() for name in names},
    **dict.fromkeys(
        ("nce_loss", "sampled_softmax_loss", "tf.nn.nce_loss", "tf.nn.sampled_softmax_loss"),
        (SAMPLED, "ce of the full softmax"),
    ),
    **dict.fromkeys(
        ("LinearCrossEntropyLoss", "torch.nn.LinearCrossEntropyLoss"),
        ("needs the weight matrix of the last layer", "ce:from_logits of the layer's output"),
    ),
    **dict.fromkeys(
        ("AdaptiveLogSoftmaxWithLoss", "torch.nn.AdaptiveLogSoftmaxWithLoss"),
        ("is a layer with weights of its own", "nll of the log-probabilities that it gives"),
    ),
    **dict.fromkeys(
        (
            "YetiRank",
            "YetiRankPairwise",
            "PairLogitPairwise",
            "StochasticRank",
            "StochasticFilter",
            "LambdaMart",
            "lambdarank",
            "rank_xendcg",
            "rank:pairwise",
            "rank:ndcg",
            "rank:map",
        ),
        (TRAINING, "ndcg, map or query-pair-logit with --group"),
    ),
    **dict.fromkeys(
        (
            "circle",
            "keras.losses.Circle",
            "ntxent",
            "optax.ntxent",
            "optax.losses.ntxent",
            "supcon",
            "info-nce",
            "simclr",
        ),
        (BATCH, "triplet or cosine-embedding of pairs that you choose"),
    ),
    **dict.fromkeys(
        (
            *("crps-t", "crps-student-t", "crps-gamma", "crps-beta", "crps-csg0", "crps-loglogistic", "crps-gtct"),
            *("crps-binomial", "crps-negbinom", "crps-poisson", "crps-hypergeometric", "crps-gev"),
        ),
        (SPECIAL, DRAWS),
    ),
    **dict.fromkeys(
        (
            *("crps-cnormal", "crps-tnormal", "crps-gtcnormal", "crps-censored-normal", "crps-truncated-normal"),
            *("crps-clogistic", "crps-tlogistic", "crps-gtclogistic"),
        ),
        (BOUNDED, DRAWS),
    ),
    **dict.fromkeys(
        (
            "multiclass_generalized_dice_loss",
            "optax.multiclass_generalized_dice_loss",
            "optax.losses.multiclass_generalized_dice_loss",
        ),
        (FREQUENT, "generalized-dice of one mask a row"),
    ),
    **dict.fromkeys(("giou", "GIoULoss", "hausdorff", "lovasz", "lovasz-hinge"), (BOXES, "jaccard or dice of masks")),
}
"""A name -> why it is refused, and what to take instead."""
