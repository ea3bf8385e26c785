"""How well scores find the positive cases: average precision and balanced accuracy."""

import numpy as np
from numpy.typing import ArrayLike


def _counts(scores: ArrayLike, positive: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the distinct scores, from the highest down, and true and false positives at each."""
    scores, positive = np.ravel(scores), np.ravel(positive).astype(bool)
    if scores.shape != positive.shape or not positive.any() or positive.all():
        raise ValueError("as many labels as scores are needed, and cases of both kinds")
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    hits = np.cumsum(positive[order])[last]
    return ranked[last], hits, last + 1 - hits


def average_precision(scores: ArrayLike, positive: ArrayLike) -> float:
    """Return Σ (R_k − R_{k−1}) P_k over all thresholds, R recall and P precision.

    A score without information gets the share of positive cases on average, a perfect one 1.

    Raises:
        ValueError: numbers of scores and labels differ, or all cases are of one kind.
    """
    _, hits, misses = _counts(scores, positive)
    recall_steps = np.diff(hits, prepend=0) / hits[-1]
    return float(np.sum(recall_steps * hits / (hits + misses)))


def best_threshold(scores: ArrayLike, positive: ArrayLike) -> tuple[float, float]:
    """Return the threshold of the best balanced accuracy, and that accuracy.

    Balanced accuracy is the mean of true-positive and true-negative rate, scores at or above the
    threshold being called positive: ½ without information, 1 if perfect. The threshold is chosen
    on the same cases, which favours the score.

    Raises:
        ValueError: numbers of scores and labels differ, or all cases are of one kind.
    """
    thresholds, hits, misses = _counts(scores, positive)
    balanced = 0.5 + (hits / hits[-1] - misses / misses[-1]) / 2
    best = int(balanced.argmax())
    return float(thresholds[best]), float(balanced[best])
