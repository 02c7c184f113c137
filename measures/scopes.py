"""Which occupations and awards a measure counts: the demand scopes and the award scopes.

Source of the levels: Bureau of Labor Statistics, typical entry education and on-the-job training; NCES IPEDS, award
levels. Career-training jobs are those that people usually enter with less than a bachelor's degree but with more than
short training.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

#: Award scope -> IPEDS award levels. Certificates of one to two years are level 2; two to four years, level 4.
AWARD_SCOPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sub-baccalaureate": ("20", "21", "2", "4", "3"),
        "certificates": ("20", "21", "2", "4"),
        "associate": ("3",),
        "bachelor": ("5",),
        "all": ("20", "21", "1", "2", "4", "3", "5", "6", "7", "8", "17", "18", "19"),
    }
)

DEMAND_SCOPES = ("career-prep", "middle-skills", "bachelor", "all")
DEMAND_VARIANTS = ("openings", "growth_and_exits")

MIDDLE_EDUCATION = frozenset({"Postsecondary nondegree award", "Some college, no degree", "Associate's degree"})
HIGH_SCHOOL = "High school diploma or equivalent"
LONG_TRAINING = frozenset({"Apprenticeship", "Long-term on-the-job training"})
MODERATE_TRAINING = "Moderate-term on-the-job training"

#: How people usually get into a career-training job, in the order in which a chart shows them.
WAYS_IN = (
    "Associate degree",
    "Certificate or other award",
    "Some college, no degree",
    "Apprenticeship or long training",
    "Shorter on-the-job training",
    "Licensure with an associate degree",
)


def demand_scopes(
    soc_code: pd.Series,
    entry_education: pd.Series,
    on_the_job_training: pd.Series,
    additions: Collection[str],
) -> pd.DataFrame:
    """Which demand scope each occupation is in, and how people usually get into it.

    ``additions`` are occupations counted as career training although BLS gives another entry level (registered nurses:
    an associate degree admits to licensure). Gives ``is_career_prep``, ``is_middle_skills``, ``is_bachelor`` (bool) and
    ``way_in`` (text, missing outside career-prep), on the index of the input.
    """
    education = entry_education.astype("object").where(entry_education.notna(), "").str.replace("’", "'")
    training = on_the_job_training.astype("object").where(on_the_job_training.notna(), "")
    added = soc_code.isin(list(additions))
    trained_on_the_job = (education == HIGH_SCHOOL) & (training.isin(LONG_TRAINING) | (training == MODERATE_TRAINING))
    middle = education.isin(MIDDLE_EDUCATION) | added
    way_in = np.select(
        [
            added,
            education == "Associate's degree",
            education == "Postsecondary nondegree award",
            education == "Some college, no degree",
            trained_on_the_job & training.isin(LONG_TRAINING),
            trained_on_the_job,
        ],
        [WAYS_IN[5], *WAYS_IN[:5]],
        default="",
    )
    return pd.DataFrame(
        {
            "is_career_prep": middle | trained_on_the_job,
            "is_middle_skills": middle,
            "is_bachelor": education == "Bachelor's degree",
            "way_in": pd.Series(way_in, index=soc_code.index).replace("", None),
        }
    )


def demand_scope_column(demand: str) -> str:
    """The column of the table ``occupation`` that says whether an occupation is in a demand scope."""
    return {
        "career-prep": "is_career_prep",
        "middle-skills": "is_middle_skills",
        "bachelor": "is_bachelor",
        "all": "is_projected",
    }[demand]
