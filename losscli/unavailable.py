"""Losses that frameworks have and that truth and predictions alone do not determine: known by name, and refused."""

from __future__ import annotations

BATCH = "compares every row of a batch with every other, so its number depends on how the rows were batched"
SAMPLED = "needs the weights of the last layer and random draws, not the predictions"
TRAINING = "is a rule for training a ranking, not a number: the framework itself prints none"
GROUPS = "is taken over the rows of each query together"
SURVIVAL = "needs to know which times are censored, which is a third column"
BOXES = "compares the geometry of two shapes, not numbers row by row"

UNAVAILABLE: dict[str, tuple[str, str]] = {
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
        (TRAINING, "ndcg or map with --group, or pair-logit"),
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
        ("QueryRMSE", "QuerySoftMax", "QueryCrossEntropy", "query-rmse", "query-softmax", "query-crossentropy"),
        (GROUPS, "softmax-rank of a list in a row, or ndcg with --group"),
    ),
    **dict.fromkeys(
        ("cox", "cox-nll", "cox-nloglik", "aft", "aft-nll", "aft-nloglik", "SurvivalAft"),
        (SURVIVAL, "crps-normal or gaussian-nll of the uncensored rows"),
    ),
    **dict.fromkeys(("giou", "GIoULoss", "hausdorff", "lovasz", "lovasz-hinge"), (BOXES, "jaccard or dice of masks")),
    **dict.fromkeys(
        ("mase", "rmsse"),
        ("is scaled by the errors of a naive forecast on the training series, which is not here", "mae, or rae"),
    ),
}
"""A name -> why it is refused, and what to take instead."""
