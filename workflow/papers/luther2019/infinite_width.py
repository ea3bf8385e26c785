"""A measurement on the table of the infinite width, which claims on several figures name."""

import pandas as pd

from deepinit.stats.intervals import Estimate
from study.verdicts import Measurement, NotTested


def theory_value(tables: dict[str, pd.DataFrame], column: str, layer: int) -> Measurement:
    """A number of the infinite-width table."""
    frame = tables["theory"].set_index("layer")
    if layer not in frame.index:
        raise NotTested(f"needs layer {layer}")
    return Measurement(Estimate.exactly(float(frame.loc[layer, column])))
