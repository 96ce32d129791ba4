"""What frameworks have and losscli has not: known by name, and refused with the reason and what to take instead."""

from __future__ import annotations

BATCH = "compares every row of a batch with every other, so its number depends on how the rows were batched"
SAMPLED = "needs the weights of the last layer and random draws, not the predictions"
TRAINING = "is a rule for training a ranking, not a number: the framework itself prints none"
BOUNDED = "needs the ends of the distribution beside its parameters, and either may be infinite"
SPECIAL = "needs an incomplete beta or gamma function or a like one, which losscli and numpy do not have"
BOXES = "compares the geometry of two shapes, not numbers row by row"

FREQUENT = "weighs each class by how often it occurs in all rows together, so that its number depends on the batch"

FEATURES = "measures how a clustering fits the features, of which losscli sees none"
AGREEMENT = "accuracy or kappa, if the labels are classes"

KERAS_METRICS = {
    ("is a count, not a score", "precision or recall"): "TruePositives TrueNegatives FalsePositives FalseNegatives",
    (
        "is of the classes at all places of all masks, and in Keras 3 cuts weights to whole numbers",
        "class-jaccard of one class a row, with average=macro for the mean",
    ): "IoU BinaryIoU MeanIoU OneHotIoU OneHotMeanIoU",
    ("adds 1e-7 and gives a value for each class", "f1 or fbeta, with average=macro for their mean"): (
        "F1Score FBetaScore"
    ),
    ("is the best of one rate where the other is as good as asked for", "roc-auc or average-precision"): (
        "PrecisionAtRecall RecallAtPrecision SensitivityAtSpecificity SpecificityAtSensitivity"
    ),
    ("averages the correlations of rows", "pearson"): (
        "PearsonCorrelation pearson_correlation ConcordanceCorrelation concordance_correlation"
    ),
    ("divides the errors by numbers given to it", "mape"): "MeanRelativeError",
    ("averages whatever it is given", "mse, or a loss of your own: ./file.py:function"): (
        "Mean Sum MeanTensor MeanMetricWrapper"
    ),
}
"""Why and what instead -> metrics of Keras."""

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
        ("nce_loss", "sampled_softmax_loss"),
        (SAMPLED, "ce of the full softmax"),
    ),
    "LinearCrossEntropyLoss": ("needs the weight matrix of the last layer", "ce:from_logits of the layer's output"),
    "AdaptiveLogSoftmaxWithLoss": ("is a layer with weights of its own", "nll of the log-probabilities that it gives"),
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
        ("circle", "ntxent", "supcon", "info-nce", "simclr"),
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
    "multiclass_generalized_dice_loss": (FREQUENT, "generalized-dice of one mask a row"),
    **dict.fromkeys(("giou", "GIoULoss", "hausdorff", "lovasz", "lovasz-hinge"), (BOXES, "jaccard or dice of masks")),
    **dict.fromkeys(("silhouette_score", "calinski_harabasz_score", "davies_bouldin_score"), (FEATURES, AGREEMENT)),
    **dict.fromkeys(
        ("UserPerObjMetric", "UserQuerywiseMetric", "PythonUserDefinedPerObject", "PythonUserDefinedMultiTarget"),
        ("is whatever code its user writes", "mse for a model: ./file.py:function is your own"),
    ),
}
"""A name, without the modules before it -> why it is refused, and what to take instead."""

ABSENT: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        (
            *("adjusted_mutual_info_score", "adjusted_rand_score", "completeness_score", "fowlkes_mallows_score"),
            *("homogeneity_score", "mutual_info_score", "normalized_mutual_info_score", "rand_score"),
            *("v_measure_score", "consensus_score"),
        ),
        ("compares two clusterings, whose labels mean nothing by themselves", AGREEMENT),
    ),
    "tf.keras.metrics.R2Score": ("averages the scores of several outputs", "r2"),
    "sklearn.metrics.auc": ("is the area under points of any curve", "roc-auc or average-precision"),
    **dict.fromkeys(
        ("catboost.AUCMulticlass", "catboost.QueryAUCMulticlass", "lightgbm.auc_mu"),
        ("is AUC-mu, the mean over pairs of classes", "roc-auc, which sets each class against all others"),
    ),
    "catboost.PRAUCMulticlass": ("gives a number for each class", "average-precision, the mean over the classes"),
    "catboost.NormalizedGiniMulticlass": ("gives a number for each class", "normalized-gini of a class at a time"),
    "catboost.MultiRMSEWithMissingValues": ("leaves single numbers of a row out", "multi-rmse with --missing drop"),
    **dict.fromkeys(
        ("catboost.AverageGain", "catboost.QueryAverage"),
        ("is the mean grade of the first rows of a query", "precision-at-k, or dcg"),
    ),
    "catboost.FilteredDCG": ("is a DCG of the rows that score above 0, in the order of the data", "dcg"),
    "catboost.LogLikelihoodOfPrediction": (
        "is what Logloss gains over the mean click rate, a click",
        "bce:from_logits",
    ),
    "catboost.CtrFactor": ("is the sum of the truth over that of the probabilities", "ece"),
    "catboost.Combination": ("is a weighted sum of other metrics", "mse and others, each with -l"),
    "lightgbm.cross_entropy_lambda": (
        "is of a rate that the weight of a row multiplies",
        "lightgbm.cross_entropy or bce",
    ),
    "xgboost.pre": ("is of queries, and breaks ties by the order of the rows", "precision-at-k"),
    "xgboost.ams": ("is the approximate median significance of a search for particles", "precision or recall"),
    "ctc_loss_with_forward_probs": ("gives the loss with the probabilities of each step", "ctc"),
    "make_fenchel_young_loss": ("makes a loss of a function", "ce or sparsemax-multi, which are two of them"),
    "smooth_labels": ("is no loss", "ce:label_smoothing=0.1"),
    **dict.fromkeys(
        ("TripletMarginWithDistanceLoss", "triplet_margin_with_distance_loss"),
        ("takes a distance of your own; with its default it is TripletMarginLoss", "triplet"),
    ),
    **dict.fromkeys(("PairwiseDistance", "pairwise_distance", "pdist"), ("is a distance, no loss", "minkowski or mse")),
    **dict.fromkeys(
        ("tf.nn.compute_average_loss", "tf.nn.scale_regularization_loss", "tf.compat.v1.losses.compute_weighted_loss"),
        ("reduces losses that there are", "mse, for example, with --reduction sum"),
    ),
    "tf.compat.v1.losses.mean_pairwise_squared_error": (
        "divides a row by the values of all rows, so that its cost depends on how many there are",
        "mean-pairwise-squared",
    ),
    **{
        f"{module}.metrics.{name}": (why, instead)
        for module in ("keras", "tf.keras")
        for (why, instead), names in KERAS_METRICS.items()
        for name in names.split()
    },
}
"""A name, or the whole path of one that means something else elsewhere -> why it is not here, and what to take."""
