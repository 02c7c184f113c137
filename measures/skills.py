"""What a pathway's jobs ask: O*NET's ratings of skills, weighted by where the openings are.

Source: O*NET, importance (1 to 5) and level (0 to 7) of 35 skills by occupation; yearly openings from the Employment
Projections. A rating is a survey's or an analyst's mean for one occupation, not a test of anyone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from measures.matching import BoolArray, FloatArray


def on_projected_codes(ratings: pd.DataFrame, code_of: pd.Series) -> pd.DataFrame:
    """Ratings by the occupation codes that projections use: a code that stands for several details has their mean.

    ``ratings`` one row per SOC code, one column per rating; ``code_of`` maps SOC codes to those that stand for them, other
    codes stay. A code that is rated itself keeps its own rating.
    """
    mapped = ratings.groupby(ratings.index.map(lambda code: code_of.get(code, code))).mean()
    mapped.update(ratings)
    return mapped


def weighted_means(ratings: FloatArray, openings: FloatArray, members: BoolArray) -> FloatArray:
    """[k, n] each group's mean of the n ratings, weighted by openings; NaN where no rated occupation has any.

    ``ratings`` [s, n], NaN where an occupation is not rated: it carries no weight then. ``openings`` [s] a year;
    ``members`` bool [k, s] which occupations are in which group.
    """
    rated = ~np.isnan(ratings)
    weight = members * openings
    whole = weight @ rated
    total = weight @ np.where(rated, ratings, 0.0)
    return np.divide(total, whole, out=np.full(total.shape, np.nan), where=whole > 0)


def coverage_pct(ratings: FloatArray, openings: FloatArray, members: BoolArray) -> FloatArray:
    """[k] percent of each group's openings that are in occupations with all ratings; NaN where it has no openings."""
    weight = members * openings
    whole = weight.sum(axis=1)
    rated = weight @ ~np.isnan(ratings).any(axis=1)
    return np.divide(100 * rated, whole, out=np.full(len(whole), np.nan), where=whole > 0)
