"""Teacher shortage areas: subjects for which a state told the federal government that it lacks teachers.

There is no address to fetch: a person brings the table. The form known here has a row per school year, state
and subject, with subjects recoded into a dozen content areas by a university centre that compiled the yearly
listings.

Traps. "No Reported Shortages" is not a subject; it is kept under that name, because a state that reported
none is not one that did not report. Territories report too and are left out, as everywhere in the warehouse;
the compiled series has none of them, and not the District of Columbia either. It ends with 2020-21.
"""

from __future__ import annotations

import pandas as pd

from etl.codes import school_years, state_codes
from etl.errors import AtlasError
from etl.source import Frames, RawFile, RawFiles, Source
from etl.tabular import read_delimited

NONE_REPORTED = "No reported shortages"
_COLUMNS = {"School_Year": "school_year", "State": "state", "Content_Area": "subject"}
_TERRITORIES = frozenset(
    {
        "American Samoa",
        "Federated States of Micronesia",
        "Guam",
        "Marshall Islands",
        "Northern Mariana Islands",
        "Palau",
        "Puerto Rico",
        "U.S. Virgin Islands",
        "Virgin Islands",
    }
)


def read_listing(raw: RawFile) -> pd.DataFrame:
    """One file's rows, without the territories."""
    rows = read_delimited(raw, columns=_COLUMNS).rename(columns=_COLUMNS)
    if rows.isna().any(axis=None):
        raise AtlasError(f"{raw.name} has rows without a year, a state or a subject; correct the file.")
    rows = rows[~rows["state"].isin(_TERRITORIES)]
    none = rows["subject"].str.casefold() == NONE_REPORTED.casefold()
    return pd.DataFrame(
        {
            "school_year": school_years(rows["school_year"], raw.name),
            "state_fips": state_codes(rows["state"], raw.name),
            "subject": rows["subject"].mask(none, NONE_REPORTED),
        }
    )


def parse(raws: RawFiles) -> Frames:
    if not raws:
        raise AtlasError(f"teacher_shortage has no files: {SOURCE.how_to_get}")
    # A subject listed twice (for two grades, or in two files) is one fact.
    rows = pd.concat([read_listing(raw) for raw in raws.values()]).drop_duplicates(ignore_index=True)
    reported = rows.groupby(["school_year", "state_fips"])["subject"].agg(["nunique", set])
    both = reported[(reported["nunique"] > 1) & reported["set"].map(lambda subjects: NONE_REPORTED in subjects)]
    if len(both):
        year, state = both.index[0]
        raise AtlasError(
            f"{', '.join(raws)} lists both subjects and no shortages for state {state} in {year}; correct the file."
        )
    return {"teacher_shortage_area": rows.sort_values(list(rows.columns), ignore_index=True)}


SOURCE = Source(
    source_id="teacher_shortage",
    title="Teacher Shortage Areas Nationwide Listing",
    short_title="Teacher Shortage Areas (ED)",
    publisher="Office of Postsecondary Education, U.S. Department of Education",
    licence="Public domain (work of the United States government)",
    landing_url="https://tsa.ed.gov/",
    cadence="ended",
    citation=(
        "U.S. Department of Education, Office of Postsecondary Education. Teacher Shortage Areas Nationwide "
        "Listing, 1990-91 through 2020-21, subjects recoded into content areas. https://tsa.ed.gov/."
    ),
    tables=("teacher_shortage_area",),
    parse=parse,
    how_to_get=(
        "open https://tsa.ed.gov, take the report of all states and years, save it as a CSV file with the "
        "columns School_Year, State and Content_Area, and put it into data/inbox/teacher_shortage/."
    ),
    suppression=f"Nothing is withheld; a state that reported none has the one subject '{NONE_REPORTED}'.",
)
