"""The questions of the three papers, each with an answer, its interval, and what helps.

A question is answered by one number, estimated over independent networks, and limits between which it must
lie. The answer is yes if the whole interval lies between the limits, no if the whole interval lies beyond
them, else it is undecided; of dead layers it is yes where none is seen, since as few networks as one builds
never show that a share is small. So what is right is called wrong no more often than its interval misses,
half of 1 − level, and only if it lies at the limit.
"""

from __future__ import annotations

from dataclasses import dataclass

from deepinit.stats.intervals import Estimate

YES, NO, OPEN = "yes", "no", "undecided"


@dataclass(frozen=True)
class Finding:
    """An answer.

    Attributes:
        key: "lengths", "spread", "differences", "gradients", "alive" or "residual".
        question: in words.
        answer: "yes", "no" or "undecided".
        measure: what the number is.
        estimate: the number, and its interval.
        limits: between which it must lie.
        sentence: what was found, with numbers.
        advice: what helps and at which price; "" where nothing is wrong.
        source: the paper.
    """

    key: str
    question: str
    answer: str
    measure: str
    estimate: Estimate
    limits: tuple[float, float]
    sentence: str
    advice: str
    source: str

    def __str__(self) -> str:
        """Return the question, the answer and the rest, in one line."""
        answer = self.answer[0].upper() + self.answer[1:]
        words = f"{self.question} {answer}: {self.sentence}"
        return f"{words} {self.advice}".rstrip()


def answered(estimate: Estimate, limits: tuple[float, float]) -> str:
    """Return "yes", "no" or "undecided"."""
    low, high = limits
    if low <= estimate.low and estimate.high <= high:
        return YES
    return NO if estimate.high < low or estimate.low > high else OPEN


def shown(estimate: Estimate, digits: int = 3) -> str:
    """Return "value [low, high]"."""
    value, low, high = (f"{part:.{digits}g}" for part in estimate)
    return f"{value} [{low}, {high}]"
