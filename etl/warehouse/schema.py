"""Every table and field of the warehouse, described once.

From these descriptions come the DDL, DuckDB's comments, the data dictionary, ``datapackage.json`` and the test that the
built warehouse has not drifted from them.

Naming: the same quantity has the same name everywhere; the unit ends the name (``_count``, ``_usd``, ``_pct``,
``_thousands``); codes are text and keep leading zeros; ``'00'`` is the nation. A value that the publisher withheld is
NULL, with the reason in a ``_note`` column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["ledger", "history", "reference", "base", "mart"]
SqlType = Literal["TEXT", "INTEGER", "BIGINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP"]


@dataclass(frozen=True)
class Field:
    """One column. ``required`` columns are never NULL."""

    name: str
    type: SqlType
    description: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    """One table.

    ``stage``: *ledger* tables say where the rest came from; *history* tables what earlier builds served, carried over
    from build to build and empty until one replaces another; *reference* tables are kept by hand in ``data/reference``;
    *base* tables hold a publisher's figures as parsed; *mart* tables are derived at build time from the others.
    ``sources`` are the ids of the sources whose figures a base table holds; one with more than one has a column
    ``source_id``. ``inputs`` are the tables a mart is derived from: its sources are theirs
    (``table:source_id`` where only that source's rows are used). ``period`` names the column
    that dates a row. ``made_by`` is the module in ``marts`` that derives it, by default the one of its name.
    """

    name: str
    stage: Stage
    description: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    sources: tuple[str, ...] = ()
    period: str = ""
    inputs: tuple[str, ...] = ()
    made_by: str = ""

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields)

    def ddl(self, schema: str = "main") -> str:
        """The CREATE TABLE statement. Keys are checked by a query after loading, which is far cheaper than an index."""
        columns = ",\n  ".join(f"{f.name} {f.type}{' NOT NULL' if f.required else ''}" for f in self.fields)
        return f"CREATE TABLE {schema}.{self.name} (\n  {columns}\n)"


def key(name: str, description: str, type_: SqlType = "TEXT") -> Field:
    return Field(name, type_, description, required=True)


def text(name: str, description: str) -> Field:
    return Field(name, "TEXT", description)


def number(name: str, description: str) -> Field:
    return Field(name, "DOUBLE", description)


def count(name: str, description: str) -> Field:
    return Field(name, "BIGINT", description)


def flag(name: str, description: str, required: bool = True) -> Field:
    return Field(name, "BOOLEAN", description, required)


STATE = key("state_fips", "Two-digit FIPS code of the state or DC; '00' is the nation")
SOC = key("soc_code", "Occupation code: SOC 2018, or the National Employment Matrix's own code (see soc_map)")
CIP = key("cip_code", "Six-digit program code, CIP 2020, with the point: '51.3801'")
AWARD_YEAR = key("award_year", "Year the award year ends in: 2023-24 is 2024", "INTEGER")
REFERENCE_YEAR = key("reference_year", "Year of the May estimates", "INTEGER")
FRAMEWORK = key("framework", "Career-cluster framework: '14 clusters (2024)' or '16 clusters (2002)'")
SOURCE_ID = key("source_id", "The source this row came from")
PRINCIPLE = key("principle", "Principle of 2016, 1 to 5", "INTEGER")
GAP_KEYS = (
    AWARD_YEAR,
    STATE,
    key("awards", "Award scope: sub-baccalaureate, certificates, associate, bachelor or all"),
    key("demand", "Demand scope: career-prep, middle-skills, bachelor or all (occupations with a program)"),
    key("demand_basis", "bls for the nation, estimated for states"),
    key("demand_variant", "openings, or growth_and_exits (people who change occupation left out)"),
    key("base_year", "First year of the projection", "INTEGER"),
)
GAP_KEY_NAMES = tuple(field.name for field in GAP_KEYS[:6])
GAP_INPUTS = (
    "projection_national",
    "occupation_employment",
    "program_award",
    "program_occupation",
    "occupation_cluster:advance_cte",
)
GAP_BOUNDS = (
    count("awards_linked_count", "Awards of all programs that lead to any of these occupations; rows overlap"),
    count("at_least_count", "Openings that awards fill at least, when as many awards as possible are placed"),
    count("at_most_count", "Openings that awards could fill at most, if the others wanted nobody"),
    count("gap_low_count", "Openings left at least"),
    count("gap_high_count", "Openings left at most, when as many awards as possible are placed"),
    count("gap_proportional_count", "Point estimate of the openings left, from the proportional split"),
)
BUILD_NUMBER = key("build_number", "Place of the build in the order in which builds served here, from 1", "INTEGER")
NOTE = text("note", "Why a value is missing or how far it can be trusted")

_TABLES = (
    # ---------------------------------------------------------------- ledger
    Table(
        "source",
        "ledger",
        "Every publisher's dataset that the warehouse is built from",
        ("source_id",),
        (
            SOURCE_ID,
            key("title", "The dataset's name at its publisher"),
            key("short_title", "How a chart's source line names it"),
            key("publisher", "Who publishes it"),
            key("licence", "Under which terms the figures may be used"),
            key("landing_url", "Where a person finds it"),
            key("cadence", "How often it is published"),
            key("citation", "The full citation"),
            text("how_to_get", "For files that only a person can download: how"),
            text("suppression", "How the publisher marks withheld values, and how they read here"),
        ),
    ),
    Table(
        "source_file",
        "ledger",
        "Every file the warehouse's figures were parsed from",
        ("source_id", "url"),
        (
            SOURCE_ID,
            key("url", "The publisher's address of the file, or inbox:NAME for a file a person put there"),
            key("retrieved_at", "When this content was first fetched (UTC)", "TIMESTAMP"),
            text("etag", "The answer's ETag"),
            text("last_modified", "The answer's Last-Modified"),
            key("sha256", "SHA-256 of the bytes"),
            Field("bytes", "BIGINT", "Size in bytes", True),
            text("period", "What the file covers"),
            Field("released_on", "DATE", "When the publisher released it, where known"),
            key(
                "via",
                "How it came: publisher, mirror (a stored copy of the address) or inbox (put there by a person)",
            ),
        ),
    ),
    Table(
        "table_source",
        "ledger",
        "Which sources each table's figures come from, and what they cover; chart citations are derived from it",
        ("table_name", "source_id"),
        (
            key("table_name", "The table"),
            SOURCE_ID,
            count("row_count", "Rows in the table from this source (for a mart: rows in the table)"),
            text("first_period", "Earliest period these rows cover"),
            text("last_period", "Latest period these rows cover"),
            text("period_label", "The latest period as a reader would say it: 'to August 2026', '2023–24'"),
        ),
    ),
    Table(
        "build",
        "ledger",
        "One row: this build of the warehouse",
        ("build_id",),
        (
            key("build_id", "Identifies the build: a hash of the loaded files and the code's version"),
            key("started_at", "When the build started (UTC)", "TIMESTAMP"),
            key("finished_at", "When the build finished (UTC)", "TIMESTAMP"),
            key("code_version", "Version of the project's code"),
            key("row_counts", "Rows per table, as JSON"),
        ),
    ),
    # --------------------------------------------------------------- history
    Table(
        "build_log",
        "history",
        "Every build that has served here, in order; the last is this one",
        ("build_number",),
        (
            BUILD_NUMBER,
            key("build_id", "Identifies the build; the same files and code have the same id again"),
            key("built_at", "When it began to serve (UTC)", "TIMESTAMP"),
            key("code_version", "Version of the project's code"),
        ),
    ),
    Table(
        "build_change",
        "history",
        "How many rows of each table a build changed against the one before it, by key; tables that stayed are left out",
        ("build_number", "table_name"),
        (
            BUILD_NUMBER,
            key("table_name", "The table"),
            count("added_count", "Rows with a new key; the three are NULL where the table's columns became others"),
            count("revised_count", "Rows that have other values than before"),
            count("dropped_count", "Rows whose key is no longer there"),
        ),
    ),
    Table(
        "headline_change",
        "history",
        "Figures that people quote and that a build revised: what each was and what it became",
        ("build_number", "series", "what"),
        (
            BUILD_NUMBER,
            key("series", "The series, with its unit"),
            key("what", "Place, industry or occupation, and period"),
            Field("old_value", "DOUBLE", "What the build before served, in the series' unit", True),
            number("new_value", "What this build serves; NULL where the figure was withdrawn"),
        ),
    ),
    Table(
        "turnover_vintage",
        "history",
        "Turnover as earlier builds served it, where a later one has other values: every revision can be undone by it",
        ("month", "state_fips", "industry_code", "element", "is_seasonally_adjusted", "replaced_in"),
        (
            key("month", "First day of the month", "DATE"),
            STATE,
            key("industry_code", "JOLTS industry code; states have only 000000"),
            key("element", "As in turnover_monthly"),
            flag("is_seasonally_adjusted", "Whether seasonally adjusted"),
            key("replaced_in", "Number of the build that replaced these values (build_log)", "INTEGER"),
            flag("was_served", "Whether the builds before it had this row; if not, its values are NULL"),
            number("level_thousands", "Level in thousands"),
            number("rate_pct", "Rate in percent"),
            number("ratio", "Unemployed per vacancy (element UO only)"),
            flag("is_preliminary", "Whether the publisher marked the rate or level as preliminary", required=False),
            text("vintage", "Release the rate (or ratio) came from"),
            text("level_vintage", "Release the level came from"),
        ),
    ),
    # ------------------------------------------------------------- reference
    Table(
        "state",
        "reference",
        "The nation, the 50 states and DC, with their place on the tile grid",
        ("state_fips",),
        (
            STATE,
            key("state_abbr", "Postal abbreviation; US for the nation"),
            key("state_name", "Name"),
            Field("grid_row", "INTEGER", "Row on the tile grid, from the top; NULL for the nation"),
            Field("grid_column", "INTEGER", "Column on the tile grid, from the left; NULL for the nation"),
        ),
    ),
    Table(
        "state_neighbour",
        "reference",
        "Which states touch on land, at a corner too; each pair stands both ways round",
        ("state_fips", "neighbour_fips"),
        (STATE, key("neighbour_fips", "FIPS code of a state that touches it")),
    ),
    Table(
        "award_level",
        "reference",
        "IPEDS award levels and the group each belongs to",
        ("award_level",),
        (
            key("award_level", "IPEDS award level without leading zero"),
            key("label", "What it is"),
            key("award_group", "certificate, associate, bachelor or graduate"),
        ),
    ),
    Table(
        "soc_map",
        "reference",
        "Matrix occupation codes that are not SOC 2018 detail codes, and the detail codes they stand for",
        ("projection_code", "soc_code"),
        (
            key("projection_code", "Code in Employment Projections and OEWS"),
            text("soc_code", "SOC 2018 detail code; NULL where the group has no linked detail"),
            key("why", "Why they are the same occupation"),
        ),
    ),
    Table(
        "career_prep_addition",
        "reference",
        "Occupations counted as career-training jobs although their typical entry education is another",
        ("soc_code",),
        (SOC, key("reason", "Why"), key("source", "Where that can be read")),
    ),
    Table(
        "trained_outside_record",
        "reference",
        "Occupations whose people are mostly trained where no college award is counted",
        ("soc_code",),
        (SOC, key("where_trained", "Where they are mostly trained"), key("source", "Where that can be read")),
    ),
    Table(
        "skill_kind",
        "reference",
        "Which O*NET skills are technical, academic and employability skills: our own reading",
        ("element_id",),
        (
            key("element_id", "O*NET element"),
            key("element_name", "Skill"),
            key("kind", "technical, academic or employability"),
            key("reason", "Why it is counted there"),
        ),
    ),
    Table(
        "industry_sector",
        "reference",
        "Which two-digit NAICS sectors each JOLTS industry covers",
        ("industry_code", "naics_sector"),
        (
            key("industry_code", "JOLTS industry code"),
            key("naics_sector", "Two-digit NAICS sector, ranges as 31-33"),
            key("is_whole", "Whether the industry is made of whole sectors, private ownership only", "BOOLEAN"),
        ),
    ),
    Table(
        "in_demand_rule",
        "reference",
        "Which occupations are in demand by the rules that states have published; rules are text, read by "
        "measures/in_demand.py",
        ("rule",),
        (
            key("rule", "Short name"),
            key("source_state", "Two-digit FIPS code of the state whose rule it is"),
            key("title", "Name for a reader"),
            key("criterion", "When an occupation is in demand"),
            text("high_wage_criterion", "When it is high wage; NULL where the rule does not say"),
            text(
                "high_skill_criterion",
                "When it is high skill; NULL where the rule does not say or public data cannot tell",
            ),
            flag(
                "is_dollar_threshold",
                "Whether it sets a wage in dollars: shown as published, and left out of the count of rules that agree",
            ),
            text("not_computed", "What the state's rule has that public data cannot show"),
            text("source_url", "Where it can be read"),
            Field(
                "as_of",
                "INTEGER",
                "Year it was published or, where its page is undated, of the wage it quotes; NULL where not confirmed",
            ),
            NOTE,
        ),
    ),
    Table(
        "stability_finding",
        "reference",
        "The findings that a headline may state",
        ("finding",),
        (
            key("finding", "Name of the finding"),
            key("sentence", "What it says, in words"),
            flag("compares_pathways", "Whether it compares pathways, so that it says nothing of a whole area"),
        ),
    ),
    Table(
        "principle",
        "reference",
        "The five principles of Putting Learner Success First (2016), in our words",
        ("principle",),
        (
            PRINCIPLE,
            key("name", "Our short name"),
            key("holds", "What the principle holds"),
            key("not_measured", "What it is about that no public figure shows"),
        ),
    ),
    Table(
        "principle_action",
        "reference",
        "What the vision of 2016 asks of education systems under each principle, in our words",
        ("principle", "position"),
        (
            PRINCIPLE,
            Field("position", "INTEGER", "Place among the principle's actions", True),
            key("asks", "What it asks"),
        ),
    ),
    Table(
        "principle_successor",
        "reference",
        "Where each principle of 2016 went in the later visions, in our reading",
        ("principle", "vision_year", "successor"),
        (
            PRINCIPLE,
            Field(
                "vision_year",
                "INTEGER",
                "The later vision: 2021 (CTE Without Limits) or 2026 (The Connected Path)",
                True,
            ),
            Field("successor", "INTEGER", "Number of the principle there", True),
            key("says", "What that one says, in our words"),
        ),
    ),
    Table(
        "principle_measure",
        "reference",
        "The indicators of the five principles: what each shows, and what it does not measure",
        ("indicator",),
        (
            key("indicator", "Name of the indicator; ends with its unit"),
            Field("principle", "INTEGER", "Principle, 1 to 5", True),
            key("title", "What it shows"),
            key("unit", "Unit of the value"),
            key("note", "What it does not measure"),
        ),
    ),
    # ------------------------------------------------------------------ base
    Table(
        "industry",
        "base",
        "JOLTS industries",
        ("industry_code",),
        (
            key("industry_code", "JOLTS industry code, six digits"),
            key("title", "Name"),
            text(
                "naics_sectors",
                "Two-digit NAICS sectors it covers, joined by commas; NULL for totals and government",
            ),
            Field("display_level", "INTEGER", "Depth in the publisher's tree; 2 are the main industries", True),
        ),
        ("bls_jolts",),
    ),
    Table(
        "turnover_monthly",
        "base",
        "Vacancies, hires and separations by industry or state and month (size class 00 only)",
        ("month", "state_fips", "industry_code", "element", "is_seasonally_adjusted"),
        (
            key("month", "First day of the month", "DATE"),
            STATE,
            key("industry_code", "JOLTS industry code; states have only 000000"),
            key(
                "element",
                "JO vacancies, HI hires, TS separations, QU quits, LD layoffs, OS other separations, "
                "UO unemployed per vacancy",
            ),
            number("level_thousands", "Level in thousands"),
            number("rate_pct", "Rate in percent (vacancies: of employment and vacancies; flows: of employment)"),
            number("ratio", "Unemployed per vacancy (element UO only)"),
            flag("is_seasonally_adjusted", "Whether seasonally adjusted"),
            flag("is_preliminary", "Whether the publisher marks the rate or level as preliminary"),
            text("vintage", "Release the rate (or ratio) comes from, YYYY-MM or the file's date"),
            text("level_vintage", "Release the level comes from; may differ from that of the rate"),
        ),
        ("bls_jolts",),
        "month",
    ),
    Table(
        "unemployment_monthly",
        "base",
        "Unemployed persons by industry of last job (nation) or by state, and month",
        ("month", "state_fips", "industry_code", "is_seasonally_adjusted"),
        (
            SOURCE_ID,
            key("month", "First day of the month", "DATE"),
            STATE,
            key("industry_code", "JOLTS industry code nearest to the industry of last job; 000000 is all"),
            count("unemployed_count", "Unemployed persons"),
            count("labour_force_count", "Persons in the labour force"),
            number("rate_pct", "Unemployment rate in percent"),
            flag("is_seasonally_adjusted", "Whether seasonally adjusted"),
        ),
        ("bls_cps", "bls_laus"),
        "month",
    ),
    Table(
        "postings_index",
        "base",
        "Online job postings, 7-day mean, 1 February 2020 = 100",
        ("date", "state_fips", "sector", "variable", "is_seasonally_adjusted"),
        (
            key("date", "Day", "DATE"),
            STATE,
            key("sector", "Hiring Lab's occupational sector, or 'all'"),
            key("variable", "total postings or new postings"),
            number("postings_index", "Index, 1 February 2020 = 100"),
            flag("is_seasonally_adjusted", "Whether seasonally adjusted"),
        ),
        ("indeed",),
        "date",
    ),
    Table(
        "industry_employment",
        "base",
        "Covered employment by industry, ownership and state",
        ("quarter", "state_fips", "naics_code", "own_code"),
        (
            key("quarter", "Quarter, as 2024Q4"),
            STATE,
            key(
                "naics_code",
                "NAICS code: 10 all, two-digit sectors (31-33), 101-1029 supersectors, or three digits",
            ),
            key(
                "own_code",
                "0 all (total only), 1 federal, 2 state, 3 local, 5 private, and the publisher's sums",
            ),
            count("employment_count", "Mean of the quarter's three monthly employment levels"),
            text("employment_note", "Why it is missing"),
        ),
        ("bls_qcew",),
        "quarter",
    ),
    Table(
        "occupation_employment",
        "base",
        "Wage-and-salary employment and annual wages by occupation and state",
        ("reference_year", "state_fips", "soc_code"),
        (
            REFERENCE_YEAR,
            STATE,
            SOC,
            key("occupation_group", "total (00-0000), major or detailed"),
            count("employment_count", "Jobs, self-employed left out"),
            text("employment_note", "Why it is missing"),
            number(
                "location_quotient",
                "The occupation's share of the state's jobs over its share of the nation's",
            ),
            number("wage_mean_usd", "Mean annual wage"),
            number("wage_p10_usd", "10th percentile annual wage"),
            number("wage_p25_usd", "25th percentile annual wage"),
            number("wage_median_usd", "Median annual wage"),
            number("wage_p75_usd", "75th percentile annual wage"),
            number("wage_p90_usd", "90th percentile annual wage"),
            text("wage_note", "Why wages are missing: withheld, or at or above the publisher's top code"),
        ),
        ("bls_oews",),
        "reference_year",
    ),
    Table(
        "industry_occupation_employment",
        "base",
        "National employment and wages by industry sector and occupation, all ownerships",
        ("reference_year", "naics_sector", "soc_code"),
        (
            REFERENCE_YEAR,
            key("naics_sector", "Two-digit NAICS sector, ranges as 31-33; 99 is government as OEWS defines it"),
            SOC,
            count("employment_count", "Jobs"),
            text("employment_note", "Why it is missing"),
            number("wage_median_usd", "Median annual wage"),
            text("wage_note", "Why the wage is missing"),
        ),
        ("bls_oews",),
        "reference_year",
    ),
    Table(
        "projection_national",
        "base",
        "Employment Projections by occupation, as published for the nation",
        ("projection_year", "soc_code"),
        (
            key("base_year", "First year of the projection", "INTEGER"),
            key("projection_year", "Last year of the projection", "INTEGER"),
            SOC,
            key("title", "Occupation title in the matrix"),
            key("occupation_type", "Line item (an occupation) or Summary (a group)"),
            count("employment_base_count", "Jobs in the base year, self-employed included"),
            count("employment_projected_count", "Jobs in the projection year"),
            count("change_count", "Projected minus base employment, as published"),
            count("exits_annual_count", "Labour-force exits a year"),
            count("transfers_annual_count", "Occupational transfers a year"),
            count("openings_annual_count", "Openings a year: exits, transfers and a tenth of growth"),
            number("wage_median_usd", "Median annual wage in the base year"),
            text("wage_note", "Why the wage is missing"),
            text("entry_education", "Typical education needed for entry"),
            text("work_experience", "Work experience in a related occupation"),
            text("on_the_job_training", "Typical on-the-job training needed for competency"),
        ),
        ("bls_projections",),
        "projection_year",
    ),
    Table(
        "projection_state",
        "base",
        "State long-term projections as the states published them, before any test of fitness",
        ("projection_year", "state_fips", "soc_code"),
        (
            key("base_year", "First year of the projection", "INTEGER"),
            key("projection_year", "Last year of the projection", "INTEGER"),
            STATE,
            SOC,
            key("title", "Occupation title as the state gave it"),
            count("employment_base_count", "Jobs in the base year"),
            count("employment_projected_count", "Jobs in the projection year"),
            count("openings_annual_count", "Openings a year"),
        ),
        ("projections_central",),
        "projection_year",
    ),
    Table(
        "occupation_title",
        "base",
        "SOC 2018 detailed occupations and their titles",
        ("soc_code",),
        (SOC, key("title", "Title")),
        ("nces_crosswalk",),
    ),
    Table(
        "program",
        "base",
        "Programs of study, CIP 2020",
        ("cip_code",),
        (
            CIP,
            key("title", "Title"),
            key("family_code", "Two-digit family"),
            key("family_title", "Family's title"),
        ),
        ("nces_cip",),
    ),
    Table(
        "program_occupation",
        "base",
        "Which occupations each program prepares for, by the federal crosswalk; sentinel rows left out",
        ("cip_code", "soc_code"),
        (
            CIP,
            SOC,
            flag(
                "is_teacher_link",
                "Whether the occupation is a postsecondary teacher (25-1xxx): every field links to "
                "its teachers, so measures leave these out",
            ),
        ),
        ("nces_crosswalk",),
    ),
    Table(
        "occupation_cluster",
        "base",
        "Career clusters and sub-clusters of each occupation; an occupation may be in several",
        ("framework", "soc_code", "cluster", "subcluster"),
        (
            SOURCE_ID,
            FRAMEWORK,
            SOC,
            key("cluster", "Career cluster"),
            key("subcluster", "Sub-cluster or pathway"),
        ),
        ("advance_cte", "onet"),
    ),
    Table(
        "program_cluster",
        "base",
        "Career clusters and sub-clusters of each program; never to be used for sums of awards",
        ("framework", "cip_code", "cluster", "subcluster"),
        (FRAMEWORK, CIP, key("cluster", "Career cluster"), key("subcluster", "Sub-cluster")),
        ("advance_cte",),
    ),
    Table(
        "cluster_industry",
        "base",
        "Industry sectors of each career cluster and sub-cluster",
        ("framework", "naics_sector", "cluster", "subcluster"),
        (
            FRAMEWORK,
            key("naics_sector", "Two-digit NAICS sector, ranges as 31-33"),
            key("cluster", "Career cluster"),
            key("subcluster", "Sub-cluster"),
        ),
        ("advance_cte",),
    ),
    Table(
        "cluster_crosswalk",
        "base",
        "Advance CTE's joint listing of cluster, occupation, program and sector",
        ("framework", "cluster", "subcluster", "soc_code", "cip_code", "naics_sector"),
        (
            FRAMEWORK,
            key("cluster", "Career cluster"),
            key("subcluster", "Sub-cluster"),
            SOC,
            text("cip_code", "Program, NULL where none is listed"),
            text("naics_sector", "Sector, NULL where none is listed"),
        ),
        ("advance_cte",),
    ),
    Table(
        "occupation_job_zone",
        "base",
        "O*NET job zone of each occupation: how much preparation it takes, 1 to 5",
        ("soc_code",),
        (
            SOC,
            Field("job_zone_low", "INTEGER", "Lowest zone among the O*NET occupations within the SOC code", True),
            Field("job_zone_high", "INTEGER", "Highest zone among them", True),
            Field("onet_occupation_count", "INTEGER", "How many O*NET occupations have a zone", True),
        ),
        ("onet",),
    ),
    Table(
        "occupation_required_education",
        "base",
        "O*NET: share of respondents who name each level of education as required",
        ("soc_code", "category"),
        (
            SOC,
            Field("category", "INTEGER", "Category 1 (less than high school) to 12 (post-doctoral)", True),
            number("share_pct", "Percent of respondents, mean over the O*NET occupations within the SOC code"),
            Field("onet_occupation_count", "INTEGER", "How many O*NET occupations were surveyed", True),
        ),
        ("onet",),
    ),
    Table(
        "occupation_skill",
        "base",
        "O*NET: importance and level of each skill",
        ("soc_code", "element_id"),
        (
            SOC,
            key("element_id", "O*NET element"),
            key("element_name", "Skill"),
            number("importance", "Importance, 1 to 5, mean over the O*NET occupations within the SOC code"),
            number("level", "Level needed, 0 to 7, likewise"),
            Field("onet_occupation_count", "INTEGER", "How many O*NET occupations were rated", True),
        ),
        ("onet",),
    ),
    Table(
        "institution",
        "base",
        "Colleges and schools that report to IPEDS, by year",
        ("award_year", "unit_id"),
        (
            AWARD_YEAR,
            key("unit_id", "IPEDS unit id"),
            key("name", "Name"),
            text("city", "City"),
            text("county", "County"),
            text("congressional_district", "State FIPS and district number, four digits"),
            key("state_fips", "State or territory, two-digit FIPS"),
            number("latitude", "Degrees north"),
            number("longitude", "Degrees east"),
            text("sector", "Control and level, in words"),
            flag("is_title_iv", "Whether it takes part in federal student aid"),
            text("website", "Address as reported"),
        ),
        ("nces_ipeds",),
        "award_year",
    ),
    Table(
        "completion",
        "base",
        "Awards by institution, program and level: first majors, six-digit programs, no totals",
        ("award_year", "unit_id", "cip_code", "award_level"),
        (
            AWARD_YEAR,
            key("unit_id", "IPEDS unit id"),
            CIP,
            key("award_level", "IPEDS award level without leading zero"),
            Field("awards_count", "INTEGER", "Awards (not people: one person can earn two)", True),
            Field("awards_men_count", "INTEGER", "Awards to men", True),
            Field("awards_women_count", "INTEGER", "Awards to women", True),
        ),
        ("nces_ipeds",),
        "award_year",
    ),
    Table(
        "distance_enrollment",
        "base",
        "Students enrolled in distance education courses, by institution, fall",
        ("fall_year", "unit_id"),
        (
            key("fall_year", "Year of the fall count", "INTEGER"),
            key("unit_id", "IPEDS unit id"),
            Field("enrolled_count", "INTEGER", "Students enrolled", True),
            Field("exclusively_distance_count", "INTEGER", "Students wholly in distance courses"),
            Field("some_distance_count", "INTEGER", "Students in some but not only distance courses"),
        ),
        ("nces_ipeds",),
        "fall_year",
    ),
    Table(
        "cte_enrollment",
        "base",
        "CTE participants, concentrators and completers, as states report them",
        (
            "school_year",
            "state_fips",
            "district",
            "education_level",
            "framework",
            "cluster",
            "population",
            "measure",
        ),
        (
            key("school_year", "School year, as 2020-21"),
            STATE,
            key("district", "District, or 'all' for the whole state"),
            key("education_level", "secondary or postsecondary"),
            FRAMEWORK,
            key("cluster", "Career cluster of that framework, or 'all'"),
            key("population", "Student population as reported, or 'all'"),
            key("measure", "participants, concentrators or completers; participants include concentrators"),
            count("students_count", "Students; NULL where not reported"),
            flag("is_suppressed", "Whether the value is withheld or not reported"),
            key("origin", "The file it came from"),
            SOURCE_ID,
        ),
        ("perkins", "imported"),
        "school_year",
    ),
    Table(
        "cte_earnings",
        "base",
        "Students of a program who were paid in a quarter, and their median earnings, from records that were counted where "
        "they are kept; small cells are withheld",
        ("school_year", "state_fips", "district", "education_level", "framework", "cluster", "cip_code", "measure"),
        (
            key("school_year", "School year, as 2020-21"),
            STATE,
            key("district", "'all' for the whole state"),
            key("education_level", "secondary or postsecondary"),
            FRAMEWORK,
            key("cluster", "Career cluster of that framework, or 'all'"),
            key("cip_code", "Six-digit program code, or 'all'"),
            key("measure", "participants, concentrators or completers; participants include concentrators"),
            count(
                "employed_count", "Students with earnings in the quarter that the importer chose; NULL where withheld"
            ),
            count("earnings_quarter_median_usd", "Their median earnings in it, whole dollars; NULL where withheld"),
            flag("is_suppressed", "Whether both are withheld"),
            key("origin", "The table they were counted in"),
        ),
        ("imported",),
        "school_year",
    ),
    Table(
        "imported_award",
        "base",
        "Awards by career cluster from files that were imported; small cells are withheld",
        ("school_year", "state_fips", "district", "education_level", "framework", "cluster", "population"),
        (
            key("school_year", "School year, as 2020-21"),
            STATE,
            key("district", "District or college, or 'all' for the whole state"),
            key("education_level", "secondary or postsecondary"),
            FRAMEWORK,
            key("cluster", "Career cluster of that framework, or 'all'"),
            key("population", "Student population as reported, or 'all'"),
            count("awards_count", "Awards; NULL where not reported or withheld"),
            flag("is_suppressed", "Whether the value is withheld or not reported"),
            key("origin", "The file it came from"),
        ),
        ("imported",),
        "school_year",
    ),
    Table(
        "imported_openings",
        "base",
        "Yearly openings of a state or region from files that were imported, by occupation or by career cluster",
        ("state_fips", "region", "projection_year", "framework", "cluster", "soc_code"),
        (
            STATE,
            key("region", "Region as the importer named it, or 'all' for the whole state"),
            key("base_year", "First year of the projection", "INTEGER"),
            key("projection_year", "Last year of the projection", "INTEGER"),
            text("framework", "Career-cluster framework, where the file is by cluster"),
            text("cluster", "Career cluster, where the file is by cluster"),
            text("soc_code", "Occupation code, where the file is by occupation"),
            count("openings_annual_count", "Openings a year; a total of several years is divided by them"),
            key("origin", "The file it came from"),
        ),
        ("imported",),
    ),
    Table(
        "teacher_shortage_area",
        "base",
        "Subjects in which a state reported a shortage of teachers to the federal government",
        ("school_year", "state_fips", "subject"),
        (
            key("school_year", "School year, as 2020-21"),
            STATE,
            key("subject", "Subject, recoded into content areas"),
        ),
        ("teacher_shortage",),
        "school_year",
    ),
    # ------------------------------------------------------------------ mart
    Table(
        "occupation",
        "mart",
        "Occupations: projection line items and SOC 2018 details, with how people usually enter them",
        ("soc_code",),
        (
            SOC,
            key("title", "Title"),
            text("entry_education", "Typical education needed for entry"),
            text("work_experience", "Work experience in a related occupation"),
            text("on_the_job_training", "Typical on-the-job training needed for competency"),
            flag("is_projected", "Whether it is a line item of the national projections"),
            flag("is_career_prep", "Whether it is a career-training job (METHODS: demand scope career-prep)"),
            flag("is_middle_skills", "Whether it is in demand scope middle-skills"),
            flag("is_bachelor", "Whether the typical entry education is a bachelor's degree"),
            flag("has_program", "Whether any program links to it"),
            text("way_in", "How people usually get in, in words, for career-training jobs"),
        ),
        inputs=(
            "projection_national",
            "occupation_title",
            "program_occupation",
            "soc_map",
            "career_prep_addition",
        ),
    ),
    Table(
        "occupation_link",
        "mart",
        "Program and projected occupation pairs that measures use: crosswalk links through soc_map, no teacher links",
        ("cip_code", "soc_code"),
        (CIP, SOC),
        inputs=("program_occupation", "projection_national", "soc_map"),
    ),
    Table(
        "occupation_pathway",
        "mart",
        "Clusters and sub-clusters of each projected occupation, through soc_map",
        ("framework", "soc_code", "cluster", "subcluster"),
        (FRAMEWORK, SOC, key("cluster", "Career cluster"), key("subcluster", "Sub-cluster or pathway")),
        inputs=("occupation_cluster", "projection_national", "soc_map"),
    ),
    Table(
        "projection_fitness",
        "mart",
        "Whether a state's own projections are fit to be offered, and if not why",
        ("projection_year", "state_fips"),
        (
            key("projection_year", "Last year of the projection", "INTEGER"),
            STATE,
            number("detail_coverage_pct", "Detail occupations' employment as percent of the state's total row"),
            number("openings_ratio", "Openings over what national rates would imply"),
            flag("is_offered", "Whether the projected basis is offered for the state"),
            key("reason", "Why, in words"),
        ),
        inputs=("projection_state", "projection_national"),
    ),
    Table(
        "occupation_projection",
        "mart",
        "Yearly openings by occupation and state, on each basis",
        ("demand_basis", "projection_year", "state_fips", "soc_code"),
        (
            key(
                "demand_basis",
                "bls (nation, as published), estimated (nation shared out by employment) or projected "
                "(the state's own)",
            ),
            key("base_year", "First year of the projection", "INTEGER"),
            key("projection_year", "Last year of the projection", "INTEGER"),
            STATE,
            SOC,
            number(
                "employment_base_count",
                "Jobs in the base year (estimated: the state's share of the nation's)",
            ),
            number("employment_projected_count", "Jobs in the projection year"),
            number("growth_annual_count", "Growth a year, may be negative"),
            number("exits_annual_count", "Labour-force exits a year; NULL where the state gives none"),
            number("transfers_annual_count", "Occupational transfers a year; NULL where the state gives none"),
            number("openings_annual_count", "Openings a year"),
            number("growth_and_exits_annual_count", "Conservative variant: growth plus exits, never under 0"),
            number("coverage_pct", "Percent of the occupation's employment in published state cells"),
            NOTE,
        ),
        period="projection_year",
        inputs=("projection_national", "occupation_employment", "projection_state", "projection_fitness"),
    ),
    Table(
        "program_award",
        "mart",
        "Awards by state, program and level in the universe of the measures: Title IV institutions, 50 states and DC",
        ("award_year", "state_fips", "cip_code", "award_level"),
        (
            AWARD_YEAR,
            STATE,
            CIP,
            key("award_level", "IPEDS award level without leading zero"),
            count("awards_count", "Awards"),
            count("awards_men_count", "Awards to men"),
            count("awards_women_count", "Awards to women"),
            count("institution_count", "Institutions that gave any"),
        ),
        period="award_year",
        inputs=("completion", "institution"),
    ),
    Table(
        "industry_shortage",
        "mart",
        "How hard it is for each industry to hire, by month, with its place in the industry's own history",
        ("month", "industry_code", "indicator"),
        (
            key("month", "First day of the month", "DATE"),
            key("industry_code", "JOLTS industry code"),
            key(
                "indicator",
                "vacancy_rate, vacancies_per_hire, quits_rate, layoffs_rate, unemployed_per_vacancy, or "
                "index (mean of the percentiles, the last two reversed)",
            ),
            number("value", "The indicator's value (rates in percent); for the index its value since 2021"),
            number("percentile_since_2001", "Mid-rank percentile in the series since January 2001"),
            number("percentile_since_2021", "Mid-rank percentile in the series since January 2021"),
        ),
        period="month",
        inputs=("turnover_monthly", "unemployment_monthly:bls_cps", "industry"),
    ),
    Table(
        "gap_by_state",
        "mart",
        "Openings against awards by state: the most that awards could fill, no award used twice",
        GAP_KEY_NAMES,
        (
            *GAP_KEYS,
            count("openings_annual_count", "Openings a year in scope, in occupations with at least one program"),
            count("awards_count", "Awards of the award scope"),
            count("awards_linked_count", "Those of programs that lead to an occupation in scope"),
            count("could_fill_count", "The most openings that these awards could fill (maximum flow)"),
            count("left_count", "Openings left even then"),
            number(
                "coverage_pct",
                "Percent of the nation's openings in scope that are in occupations estimated here",
            ),
            count(
                "strict_could_fill_count",
                "Could fill, where associate-entry occupations take associate degrees only and "
                "awards of under 12 weeks count nowhere",
            ),
            number("misalignment_pct", "How many of every 100 linked awards would need to be in another cluster"),
            NOTE,
        ),
        period="award_year",
        inputs=GAP_INPUTS,
        made_by="gaps",
    ),
    Table(
        "gap_by_cluster",
        "mart",
        "Openings against awards by state and pathway; rows overlap and are never added up",
        (*GAP_KEY_NAMES, "framework", "cluster", "subcluster"),
        (
            *GAP_KEYS,
            FRAMEWORK,
            key("cluster", "Career cluster"),
            text("subcluster", "Sub-cluster; NULL is the whole cluster"),
            count("openings_annual_count", "Openings a year of every occupation in the pathway"),
            count(
                "openings_split_count",
                "The same with each occupation split equally over its clusters; NULL for parts",
            ),
            count(
                "openings_median_wage_count",
                "Openings in occupations whose median wage is at least the area's median",
            ),
            *GAP_BOUNDS,
            count("unplaceable_count", "Linked awards that find no opening in any occupation they lead to"),
            key("verdict", "What the bounds say, in the words of METHODS section 2"),
            NOTE,
        ),
        period="award_year",
        inputs=GAP_INPUTS,
        made_by="gaps",
    ),
    Table(
        "gap_by_occupation",
        "mart",
        "Openings against awards by state and occupation, in the default scope",
        (*GAP_KEY_NAMES, "soc_code"),
        (
            *GAP_KEYS,
            SOC,
            count("openings_annual_count", "Openings a year; NULL where there is no estimate"),
            *GAP_BOUNDS,
            number("wage_median_usd", "Median annual wage in the area"),
            NOTE,
        ),
        period="award_year",
        inputs=GAP_INPUTS,
        made_by="gaps",
    ),
    Table(
        "gap_by_way_in",
        "mart",
        "Openings by how people usually get in, and the most that awards could fill of each way alone; default scope",
        (*GAP_KEY_NAMES, "way_in"),
        (
            *GAP_KEYS,
            key("way_in", "How people usually get into the occupations, in words"),
            count("openings_annual_count", "Openings a year"),
            count("at_most_count", "Openings that awards could fill at most, if the other ways wanted nobody"),
        ),
        period="award_year",
        inputs=GAP_INPUTS,
        made_by="gaps",
    ),
    Table(
        "gap_flow",
        "mart",
        "Awards by family of programs and occupation, as the proportional split places them: an estimate; default scope, "
        "all openings, flows of at least one award",
        (*GAP_KEY_NAMES, "family_code", "soc_code"),
        (
            *GAP_KEYS,
            key("family_code", "Two-digit family of programs"),
            SOC,
            Field("awards_placed_count", "DOUBLE", "Awards a year that the split places there", True),
        ),
        period="award_year",
        inputs=GAP_INPUTS,
        made_by="gaps",
    ),
    Table(
        "gap_without_online",
        "mart",
        "The most that awards could fill without those of mostly-online colleges, whose students live anywhere; default "
        "scope",
        (*GAP_KEY_NAMES, "cluster"),
        (
            *GAP_KEYS,
            key(
                "fall_year",
                "Fall whose count tells the colleges with over 80 percent of students wholly online",
                "INTEGER",
            ),
            text("cluster", "Career cluster of the 2024 framework; NULL is the area as a whole"),
            count("openings_annual_count", "Openings a year"),
            count(
                "awards_count",
                "Awards of the award scope; for a cluster those of programs that lead to its occupations",
            ),
            count("awards_online_count", "Those of mostly-online colleges"),
            number("awards_online_pct", "The same in percent of the awards; NULL where there are none"),
            count("could_fill_count", "The most openings that the other awards could fill"),
        ),
        period="award_year",
        inputs=(*GAP_INPUTS, "completion", "institution", "distance_enrollment"),
        made_by="gaps",
    ),
    Table(
        "gap_check",
        "mart",
        "Check it yourself: the occupations whose openings exceed the awards of all their programs by what is left",
        (*GAP_KEY_NAMES, "side", "code"),
        (
            *GAP_KEYS,
            key("side", "occupation or program"),
            key("code", "SOC or CIP code"),
            Field("count", "BIGINT", "Openings a year of the occupation, or awards of the program", True),
        ),
        period="award_year",
        inputs=GAP_INPUTS,
        made_by="gaps",
    ),
    Table(
        "in_demand",
        "mart",
        "What each rule of in_demand_rule says of each occupation with an estimate of openings, in every area; a "
        "rule's absolute numbers of openings were set for a state of its size",
        ("rule", "state_fips", "soc_code"),
        (
            key("rule", "Rule of in_demand_rule"),
            STATE,
            SOC,
            flag("is_in_demand", "Whether it is in demand; NULL where the inputs do not decide", False),
            flag("is_high_wage", "Whether it is high wage; NULL where the rule does not say", False),
            flag("is_high_skill", "Whether it is high skill; NULL where the rule does not say", False),
            key("reason", "Why, in words"),
            Field(
                "reference_year",
                "INTEGER",
                "Year of the May wage estimates used: the newest that has the area's total row; NULL where none has",
            ),
        ),
        inputs=("in_demand_rule", "occupation_projection", "occupation", "occupation_employment"),
    ),
    Table(
        "program_review",
        "mart",
        "A labour-market screen of programs below the bachelor's degree, not a verdict on their quality: room for more "
        "awards, and the pay of the jobs they lead to",
        ("award_year", "state_fips", "cip_code"),
        (
            AWARD_YEAR,
            STATE,
            CIP,
            Field(
                "awards_mean_count",
                "DOUBLE",
                "Sub-baccalaureate awards a year, mean of the three award years up to this one",
                True,
            ),
            number(
                "openings_linked_count",
                "Openings a year of all occupations it leads to; rows overlap and are never added up",
            ),
            flag(
                "has_room",
                "Whether one more award would raise the most openings that all these awards could fill; NULL where no "
                "occupation it leads to has an estimate",
                False,
            ),
            number(
                "wage_linked_usd",
                "Mean of the median annual wages of the occupations it leads to, weighted by their openings",
            ),
            number("wage_ratio", "The same over the area's median wage of all occupations"),
            key(
                "review",
                "candidate to scale (room, ratio at least 1), sustain (no room, at least 1), candidate to transform "
                "(room, under 1), examine (no room, under 1) or not reviewed",
            ),
            key("reason", "Why, in words with the numbers"),
        ),
        period="award_year",
        inputs=GAP_INPUTS,
    ),
    Table(
        "gap_stability",
        "mart",
        "Under how many of the assumptions tried a finding holds: both demand scopes and variants, the newest award "
        "years, lenient and strict on level; sub-baccalaureate awards",
        ("finding", "state_fips", "cluster"),
        (
            key("finding", "Finding of stability_finding"),
            STATE,
            text("cluster", "Career cluster of the 2024 framework; NULL is the area as a whole"),
            Field("holds_count", "INTEGER", "Assumptions under which it holds", True),
            Field("tried_count", "INTEGER", "Assumptions tried", True),
            text("note", "Where it holds, dimension by dimension; NULL where it holds under all or none"),
        ),
        inputs=(*GAP_INPUTS, "stability_finding"),
    ),
    Table(
        "industry_cluster_openings",
        "mart",
        "National yearly openings of each pathway in each industry sector; clusters overlap and are never added up",
        ("framework", "demand", "demand_variant", "naics_sector", "cluster"),
        (
            FRAMEWORK,
            key("demand", "Demand scope: career-prep or middle-skills"),
            key("demand_variant", "openings, or growth_and_exits (people who change occupation left out)"),
            key("base_year", "First year of the projection", "INTEGER"),
            REFERENCE_YEAR,
            key(
                "naics_sector",
                "Two-digit NAICS sector, ranges as 31-33; 99 is government as OEWS defines it, Advance CTE's 92",
            ),
            key("cluster", "Career cluster"),
            Field(
                "openings_annual_count",
                "DOUBLE",
                "Openings a year, by the sector's share of each occupation",
                True,
            ),
            number("share_pct", "The sector's percent of the cluster's openings; NULL where it has none"),
            number("coverage_pct", "Percent of the cluster's openings that published sector cells stand behind"),
            flag(
                "is_listed_sector",
                "Whether Advance CTE lists the sector under the cluster; NULL in the other framework",
                False,
            ),
        ),
        inputs=(
            "industry_occupation_employment",
            "occupation_employment",
            "occupation_projection",
            "occupation",
            "occupation_pathway",
            "cluster_industry",
        ),
    ),
    Table(
        "occupation_sector",
        "mart",
        "How each occupation's jobs are spread over the industry sectors of the nation, by the published cells",
        ("soc_code", "naics_sector"),
        (
            REFERENCE_YEAR,
            SOC,
            key("naics_sector", "Two-digit NAICS sector, ranges as 31-33; 99 is government as OEWS defines it"),
            Field("share_pct", "DOUBLE", "Percent of the occupation's jobs", True),
        ),
        period="reference_year",
        inputs=("industry_occupation_employment",),
        made_by="industry_cluster_openings",
    ),
    Table(
        "pathway_skill",
        "mart",
        "How important each O*NET skill is in a pathway's career-training jobs, weighted by their openings",
        ("state_fips", "cluster", "element_id"),
        (
            STATE,
            text("cluster", "Career cluster of the 2024 framework; NULL is all career-training jobs"),
            key("element_id", "O*NET element"),
            key("base_year", "First year of the projection that gives the weights", "INTEGER"),
            number("importance", "Importance, 1 to 5, mean weighted by yearly openings; NULL where nothing is rated"),
            number(
                "importance_compared",
                "The same of all career-training jobs; in the row of these, of all occupations with a program",
            ),
            number("level", "Level needed, 0 to 7, likewise weighted"),
            number("coverage_pct", "Percent of the openings that are in rated occupations"),
            Field(
                "above_count", "INTEGER", "Under how many ways of weighing it is above what it is compared with", True
            ),
            Field(
                "tried_count",
                "INTEGER",
                "Ways tried: two sets of jobs, both variants of openings, importance and level",
                True,
            ),
        ),
        inputs=("occupation_skill", "occupation_projection", "occupation", "occupation_pathway", "soc_map"),
    ),
    Table(
        "pathway_industry_shortage",
        "mart",
        "How hard a pathway's industries find it to hire: their indicator, weighted by the pathway's openings in each",
        ("indicator", "framework", "demand", "demand_variant", "cluster"),
        (
            key("month", "Latest month in which every main industry has the indicator", "DATE"),
            key("indicator", "index (since 2021), vacancies_per_hire or vacancy_rate"),
            FRAMEWORK,
            key("demand", "Demand scope of the weights"),
            key("demand_variant", "Demand variant of the weights"),
            key("base_year", "First year of the projection", "INTEGER"),
            REFERENCE_YEAR,
            key("cluster", "Career cluster"),
            number("value", "The weighted mean; NULL where no sector of the pathway has an industry"),
            number(
                "unmatched_pct",
                "Percent of the pathway's openings without a published industry: agriculture, government, and the "
                "public part of education and health; they carry no weight",
            ),
            NOTE,
        ),
        period="month",
        inputs=(
            "industry_shortage",
            "industry_sector",
            "industry",
            "industry_employment",
            "industry_occupation_employment",
            "occupation_employment",
            "occupation_projection",
            "occupation",
            "occupation_pathway",
        ),
        made_by="industry_cluster_openings",
    ),
    Table(
        "state_industry_vacancies",
        "mart",
        "Modelled vacancies by state and industry: national industries and state totals raked over covered employment",
        ("month", "state_fips", "industry_code"),
        (
            key("month", "First day of the month", "DATE"),
            STATE,
            key(
                "industry_code",
                "JOLTS industry code, or rest: the main industries without a level that month, together",
            ),
            key("industry_title", "Name of the industry, or of those taken together"),
            Field(
                "vacancies_count",
                "DOUBLE",
                "Vacancies at the month's end, modelled, seasonally adjusted",
                True,
            ),
            count("employment_count", "Covered employment of the newest quarter, the seed of the fit"),
            NOTE,
        ),
        period="month",
        inputs=("turnover_monthly", "industry", "industry_sector", "industry_employment"),
    ),
    Table(
        "framework_openings",
        "mart",
        "Yearly openings by career cluster, each framework for itself: one is never converted into the other",
        ("state_fips", "demand", "demand_variant", "framework", "cluster"),
        (
            STATE,
            key("demand", "Demand scope: career-prep or all; occupations with at least one program"),
            key("demand_basis", "bls for the nation, estimated for states"),
            key("demand_variant", "openings, or growth_and_exits (people who change occupation left out)"),
            key("base_year", "First year of the projection", "INTEGER"),
            key("projection_year", "Last year of the projection", "INTEGER"),
            FRAMEWORK,
            key("cluster", "Career cluster"),
            Field(
                "openings_annual_count",
                "BIGINT",
                "Openings a year of every occupation in it; rows overlap",
                True,
            ),
            Field(
                "openings_split_count",
                "BIGINT",
                "The same with occupations split equally over their clusters",
                True,
            ),
            NOTE,
        ),
        period="projection_year",
        inputs=("occupation_projection", "occupation_link", "occupation_pathway", "occupation"),
    ),
    Table(
        "region_openings",
        "mart",
        "Yearly openings by career cluster of states and regions from files that were imported, each framework for itself",
        ("state_fips", "region", "projection_year", "demand", "framework", "cluster"),
        (
            STATE,
            key("region", "Region as the importer named it, or 'all' for the whole state"),
            key("base_year", "First year of the projection", "INTEGER"),
            key("projection_year", "Last year of the projection", "INTEGER"),
            key(
                "demand",
                "Demand scope: career-prep or all, of occupations with a program; 'as given' for files by cluster",
            ),
            FRAMEWORK,
            key("cluster", "Career cluster"),
            Field("openings_annual_count", "BIGINT", "Openings a year of every occupation in it; rows overlap", True),
            Field(
                "openings_split_count",
                "BIGINT",
                "The same with occupations split equally over their clusters",
                True,
            ),
            key("origin", "The file it came from"),
        ),
        inputs=("imported_openings", "occupation_link", "occupation_pathway", "occupation", "soc_map"),
    ),
    Table(
        "principle_indicator",
        "mart",
        "Proxies for the five principles by area and pathway; not scores of anyone's work, and never added up",
        ("indicator", "reference_year", "state_fips", "framework", "cluster", "demand", "demand_variant"),
        (
            Field("principle", "INTEGER", "Principle, 1 to 5", True),
            key("indicator", "Indicator of principle_measure"),
            key(
                "reference_year",
                "Year of the value: of the May estimates or the fall count, or the year an award or school year ends "
                "in; projections: base year of openings, last year of a state's own",
                "INTEGER",
            ),
            STATE,
            text("framework", "Career-cluster framework; NULL where the row is of a whole area"),
            text("cluster", "Career cluster; NULL is the whole area"),
            text("demand", "Demand scope, where the indicator has one"),
            text("demand_variant", "Demand variant, where the indicator has one"),
            number("value", "The value; NULL with the reason in the note"),
            number("value_low", "5th percentile of the bootstrap, where the value rests on under 500 awards"),
            number("value_high", "95th percentile of the bootstrap, likewise"),
            key("unit", "Unit of the value"),
            key("note", "What the proxy does not measure, and what is special about this value"),
        ),
        inputs=(
            "principle_measure",
            "gap_by_state",
            "in_demand",
            "in_demand_rule",
            "program_award",
            "occupation_projection",
            "occupation_link",
            "occupation_pathway",
            "occupation",
            "occupation_employment",
            "completion",
            "institution",
            "distance_enrollment",
            "teacher_shortage_area",
            "cte_enrollment",
            "framework_openings",
            "projection_fitness",
        ),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}


def tables(*stages: Stage) -> tuple[Table, ...]:
    """The tables of these stages, in the order in which they are built."""
    return tuple(t for t in _TABLES if t.stage in stages)
