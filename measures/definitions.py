"""Every measure in words: what it answers, its formula, where its figures come from, what to beware of, and the tests
that pin it. The page on sources and methods and ``docs/METHODS.md`` are written from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Measure(NamedTuple):
    """One measure, in words for a reader."""

    name: str
    answers: str
    """The question it answers."""
    formula: str
    source: tuple[str, ...]
    """The warehouse's tables that its figures come from."""
    caveat: str
    functions: tuple[str, ...]
    """What computes it: ``module.function`` in ``measures``."""
    tests: tuple[str, ...]
    """What pins it: ``file::function`` in ``tests``."""
    found_in: tuple[str, ...] = ()
    """The warehouse's tables that hold the result."""


class Figure(NamedTuple):
    """A figure that a publisher prints or an independent hand found, and that the committed snapshot reproduces."""

    what: str
    value: str
    test: str


NOTATION = (
    "Program c (six-digit CIP), occupation s, area g, pathway k. C is awards a year, O is openings a year, E the linked "
    "pairs (c, s). N(A) are the programs linked to any occupation of the set A. Awards are not people: one person can "
    "earn two. Yearly openings (projections) are a flow and vacancies (JOLTS) a stock: they are never on one axis."
)

MEASURES = (
    # ---- what is counted
    Measure(
        "Award and demand scopes",
        "Which awards and which occupations count?",
        "Awards: first majors at colleges in federal student aid in the 50 states and DC, by award level: certificates "
        "and associate degrees (default), certificates, associate degrees, bachelor's degrees, or all. Demand: "
        "occupations with at least one linked program, by usual entry: career training (default: some college, a "
        "certificate or an associate degree; or high school and an apprenticeship, long or moderate training; and "
        "registered nurses), middle skills (the first three and the nurses), bachelor's level, or all.",
        ("completion", "institution", "projection_national", "career_prep_addition", "program_occupation"),
        "About half of all awards lead to no occupation in scope: liberal arts and general study above all. They are shown "
        "as general or transfer study, not as a surplus.",
        ("scopes.demand_scopes", "scopes.demand_scope_column", "gaps.supplies", "gaps.no_supply"),
        (
            "measures/test_scopes.py::test_every_education_with_every_training",
            "measures/test_gaps.py::test_supplies_are_laid_out_for_each_area",
            "test_published_figures.py::test_awards_in_the_universe_of_the_measures",
            "test_published_figures.py::test_pairs_programs_and_occupations_of_the_crosswalk",
            "test_marts.py::test_a_mart_is_what_the_base_tables_give",
        ),
        ("occupation", "occupation_link", "program_award"),
    ),
    Measure(
        "Growth and exits",
        "How many openings are there if people who change occupation are left out?",
        "max(0, change / 10 + labour-force exits), a year",
        ("projection_national",),
        "Many openings left by people who change occupation are filled by other changers, so this is the conservative "
        "variant. Both are always shown.",
        ("demand.growth_and_exits",),
        ("measures/test_demand.py::test_growth_and_exits_add_up_and_are_never_under_zero",),
        ("occupation_projection",),
    ),
    Measure(
        "Estimated openings of a state",
        "How many of the nation's openings fall to a state?",
        "O(s, g) = O(s) x employment(s, g) / sum of employment(s, g) over the published states. Missing where the "
        "published states hold under 75 percent of the occupation's employment, or the state's own cell is withheld.",
        ("projection_national", "occupation_employment"),
        "It takes an occupation to grow alike everywhere. Its coverage stands beside it.",
        ("demand.estimated_openings",),
        (
            "measures/test_demand.py::test_openings_are_shared_out_over_the_published_cells",
            "measures/test_demand.py::test_an_occupation_is_shared_out_from_75_percent_on",
            "test_marts.py::test_a_mart_is_what_the_base_tables_give",
        ),
        ("occupation_projection",),
    ),
    Measure(
        "A state's own projections",
        "What does the state itself project, and is that fit to be used?",
        "Offered where the listed occupations hold at least 90 percent of the total row's employment, and the openings "
        "are 0.5 to 1.5 times what national rates imply; else withheld, with the reason. Growth and exits are the "
        "state's openings times the nation's ratio for that occupation.",
        ("projection_state", "projection_national"),
        "Another round (2022–32) than the nation's: one is never subtracted from the other.",
        ("demand.projection_fitness", "demand.projected_openings"),
        (
            "measures/test_demand.py::test_a_state_is_fit_when_it_passes_both_tests",
            "measures/test_demand.py::test_a_states_growth_and_exits_follow_the_nations_ratio",
            "test_marts.py::test_a_mart_is_what_the_base_tables_give",
        ),
        ("projection_fitness", "occupation_projection"),
    ),
    # ---- how far awards could go
    Measure(
        "Could fill",
        "How many openings could a year's awards fill, if none is used twice?",
        "F* = the maximum flow from programs (at most C each) along the links E to occupations (at most O each)",
        ("program_award", "occupation_projection", "occupation_link"),
        "It takes every award to lead to a job in its field. High school CTE, apprenticeships, noncredit and employer "
        "training are not counted; people also change occupation, move, or study on; the links are expert judgement.",
        ("matching.Matching.could_fill", "gaps.area_gap", "gaps.area_figures"),
        (
            "measures/test_matching.py::test_every_set_agrees_with_all_cuts_tried",
            "measures/test_matching.py::test_a_large_area_agrees_with_a_linear_program",
            "measures/test_gaps.py::test_an_areas_gap_is_what_brute_force_finds",
            "test_published_figures.py::test_could_fill_in_the_default_scopes",
            "test_published_figures.py::test_could_fill_with_occupations_left_out",
        ),
        ("gap_by_state",),
    ),
    Measure(
        "At least and at most",
        "How many openings of one pathway or occupation could be filled, at least and at most?",
        "At most F(A), the flow with the openings of A alone. At least F* - F(not A), among assignments that place as "
        "many awards as possible. Openings left: O(A) - F(A) to O(A) - (F* - F(not A)).",
        ("program_award", "occupation_projection", "occupation_link", "occupation_pathway"),
        "Pathways overlap, so rows are never added up. At least is not the worst case over all assignments: that is 0.",
        ("matching.Matching.bounds", "gaps.group_figures"),
        (
            "measures/test_matching.py::test_every_set_agrees_with_all_cuts_tried",
            "measures/test_matching.py::test_bounds_are_what_a_linear_program_finds_among_the_best_assignments",
            "measures/test_matching.py::test_bounds_meet_where_no_program_leads_both_in_and_out",
        ),
        ("gap_by_cluster", "gap_by_occupation"),
    ),
    Measure(
        "Awards without a place",
        "How many awards of a pathway's programs find no opening in any occupation they lead to?",
        "U(A) = C(N(A)) less the flow of the programs N(A) alone into all occupations",
        ("program_award", "occupation_projection", "occupation_link"),
        "By the federal list of links; people find work elsewhere too.",
        ("matching.Matching.bounds",),
        ("measures/test_matching.py::test_every_set_agrees_with_all_cuts_tried",),
        ("gap_by_cluster",),
    ),
    Measure(
        "Point estimate",
        "Where between at least and at most, if awards spread in proportion to openings?",
        "Iterative proportional fitting from x = C(c) O(s) / sum of O over the occupations of c: occupations cut down to "
        "O, programs raised back to C, in turns, ending on a cut, until within 0.5 of F*",
        ("program_award", "occupation_projection", "occupation_link"),
        "A convention, not a finding: it always lies between at least and at most, which are findings.",
        ("matching.Matching.split", "matching.Matching.uncapped_split"),
        (
            "measures/test_matching.py::test_the_split_is_an_assignment_within_every_interval",
            "test_marts.py::test_a_rule_holds_in_every_row",
        ),
        ("gap_by_cluster", "gap_by_occupation"),
    ),
    Measure(
        "Verdict",
        "What do the bounds say, in one phrase?",
        "In this order: too small (under 100 openings or 10 linked awards); mismatch (at least 5 percent of openings left "
        "in the best case, and at least 5 percent of linked awards without a place); more openings than awards; more "
        "awards than openings; about even (under 5 percent of either, in the worst case); could go either way",
        ("gap_by_cluster",),
        "It never says shortage: that word is for employers' vacancies.",
        ("matching.verdict",),
        ("measures/test_matching.py::test_verdicts_at_their_edges", "test_marts.py::test_a_rule_holds_in_every_row"),
        ("gap_by_cluster",),
    ),
    Measure(
        "Check it yourself",
        "How can anyone see by hand that so many openings must stay open?",
        "From the minimum cut, the smallest set S with O(S) - C(N(S)) = O - F*: these occupations need O(S) a year, and "
        "all programs that can lead to any of them gave C(N(S)) awards",
        ("program_award", "occupation_projection", "occupation_link"),
        "Two sums, in the default scope, for the nation and every state.",
        ("matching.Matching.check", "matching.Matching.has_room"),
        (
            "measures/test_matching.py::test_the_check_is_the_smallest_set_whose_two_sums_differ_by_what_is_left",
            "measures/test_matching.py::test_a_program_has_room_when_one_more_award_fills_one_more_opening",
            "test_marts.py::test_the_checks_two_sums_can_be_redone_everywhere",
        ),
        ("gap_check",),
    ),
    Measure(
        "Strict on level",
        "And if occupations usually entered with an associate degree take no certificate?",
        "The same flow with associate-entry occupations (and registered nurses) taking associate degrees only, and "
        "awards of under 12 weeks counted nowhere",
        ("program_award", "occupation_projection", "occupation_link", "occupation"),
        "Usual entry is not required entry.",
        ("matching.by_level",),
        (
            "measures/test_matching.py::test_strict_on_level_keeps_certificates_out_of_degree_occupations",
            "measures/test_matching.py::test_strict_on_level_never_fills_more_and_nothing_less_when_all_take_certificates",
            "test_published_figures.py::test_could_fill_strict_on_level",
        ),
        ("gap_by_state",),
    ),
    Measure(
        "Ways in",
        "How do people usually get into these jobs, and how many of each kind could awards fill?",
        "Openings by usual entry route, and F(A) with A the occupations of that route alone",
        ("occupation", "occupation_projection", "program_award", "occupation_link"),
        "Each route as if the others wanted nobody, so the parts add up to more than F*.",
        ("gaps.ways_in",),
        ("measures/test_gaps.py::test_ways_in_are_each_route_alone",),
    ),
    Measure(
        "Programs, occupations, industries",
        "Which programs may lead to which occupations and industries, and how many awards?",
        "The point estimate added up over each family of programs (first two digits of c) and occupation; an occupation's "
        "awards over industries by their share of its employment. Flows of at least one award",
        ("program_award", "occupation_projection", "occupation_link", "industry_occupation_employment"),
        "An estimate: no public record follows graduates from program to job, and awards without a place are left out.",
        ("gaps.family_flows",),
        (
            "measures/test_gaps_pathways.py::test_family_flows_add_up_to_the_split",
            "test_marts_pathways.py::test_flows_are_within_awards_openings_and_what_could_be_filled",
            "test_marts_pathways.py::test_flows_are_the_proportional_fit",
            "test_marts_pathways.py::test_flows_without_a_choice_are_the_programs_awards",
        ),
        ("gap_flow", "occupation_sector"),
    ),
    Measure(
        "Without mostly-online colleges",
        "How many openings could a state's awards fill without those of colleges whose students live anywhere?",
        "F* and F(A) again, less the awards of colleges where over 80 percent of students are wholly in distance courses, by "
        "the newest fall count; a college without a count counts as on site",
        ("completion", "institution", "distance_enrollment", "occupation_projection", "occupation_link"),
        "The fall count may be older than the awards, and a college below the line has students elsewhere too.",
        ("gaps.could_fill_by_cluster",),
        (
            "measures/test_gaps_pathways.py::test_could_fill_by_cluster_is_the_flow_of_each",
            "test_marts_pathways.py::test_awards_of_mostly_online_colleges",
            "test_marts_pathways.py::test_leaving_awards_out_fills_no_more",
        ),
        ("gap_without_online",),
    ),
    Measure(
        "What jobs ask",
        "Which skills matter in a pathway's jobs, beside all career-training jobs?",
        "O*NET importance (1 to 5) and level (0 to 7) of each skill, mean over the pathway's rated occupations weighted by "
        "yearly openings; tried under both variants of openings, two sets of jobs, importance and level",
        ("occupation_skill", "occupation_projection", "occupation_pathway", "skill_kind"),
        "O*NET rates 35 general skills, the same for every state; which are technical, academic or employability skills is our "
        "own reading.",
        ("skills.on_projected_codes", "skills.weighted_means", "skills.coverage_pct"),
        (
            "measures/test_skills.py::test_weighted_means_by_hand",
            "measures/test_skills.py::test_a_mean_lies_between_its_ratings",
            "measures/test_skills.py::test_codes_that_stand_for_details_have_their_mean",
            "test_marts_pathways.py::test_skills_of_a_pathway",
        ),
        ("pathway_skill",),
    ),
    Measure(
        "Holds under N of M",
        "Does a finding depend on the assumptions?",
        "Each finding worked out again under both demand variants, career training and middle skills, three award years, "
        "lenient and strict on level: 24 settings",
        ("gap_by_state", "stability_finding"),
        "A headline states a finding only where it holds under all; else the page says that it changes with assumptions.",
        ("stability.holds", "stability.where_it_holds"),
        (
            "measures/test_stability.py::test_every_finding_is_its_sentence",
            "measures/test_stability.py::test_where_a_finding_holds_is_said_by_dimension",
            "test_marts_principles.py::test_fewer_awards_than_openings_under_every_assumption",
            "test_marts_principles.py::test_the_default_setting_agrees_with_the_gap_tables",
        ),
        ("gap_stability",),
    ),
    # ---- alignment
    Measure(
        "Mix",
        "How many of every 100 awards would need to be in another field?",
        "D = 1/2 sum over k of |awards(k) / awards - openings(k) / openings|, awards shared out uncapped in proportion to "
        "openings, occupations in several pathways split equally (largest remainder)",
        ("program_award", "occupation_projection", "occupation_pathway"),
        "It compares mixes, not numbers, and is never compared across groupings. Beside it: the same with awards shared "
        "out equally, the share that links to nothing, and under 500 awards a bootstrap interval.",
        (
            "gaps.misalignment_pct",
            "gaps.largest_remainder",
            "alignment.shares_by_openings",
            "alignment.equal_shares",
            "alignment.misalignment_interval",
        ),
        (
            "measures/test_gaps.py::test_misalignment_is_what_would_have_to_move",
            "measures/test_gaps.py::test_parts_are_rounded_to_whole_numbers_that_add_up",
            "measures/test_alignment.py::test_shared_out_awards_give_the_misalignment_of_the_split",
            "measures/test_alignment.py::test_the_interval_is_for_small_areas_and_holds_the_value",
            "test_published_figures.py::test_the_mix_of_a_district",
        ),
        ("gap_by_state", "principle_indicator"),
    ),
    Measure(
        "Enrolment files",
        "What does a list of enrolment by pathway say beside openings?",
        "D as above on enrolment, and openings less enrolment by pathway",
        ("cte_enrollment", "framework_openings"),
        "Enrolment covers all grades and overstates a year's supply. A file keeps its own framework of 14 or 16 "
        "clusters; neither is converted silently.",
        ("alignment.enrolment_mix",),
        (
            "measures/test_alignment.py::test_the_district_table",
            "measures/test_alignment.py::test_a_withheld_pathway_stays_out_and_is_named",
            "test_marts_principles.py::test_the_two_frameworks_are_kept_apart",
        ),
        ("principle_indicator",),
    ),
    Measure(
        "Served openings and programs",
        "Do in-demand occupations and programs know each other?",
        "Share of in-demand openings whose occupation has a linked program in the area; share of programs linked to an "
        "in-demand occupation",
        ("in_demand", "program_award", "occupation_link"),
        "A program that exists may be small or far away.",
        ("alignment.served", "alignment.in_set"),
        ("measures/test_alignment.py::test_served", "measures/test_alignment.py::test_in_set_of_no_members"),
        ("principle_indicator",),
    ),
    Measure(
        "Choice near home",
        "Of the 50 largest career-training occupations that pay the national median, how many can be studied in the state?",
        "Count of those with a linked program that made an award in the area",
        ("occupation_employment", "program_award", "occupation_link"),
        "Anywhere in the state, so perhaps far away. Counselling is not measured.",
        ("alignment.choice_near_home",),
        (
            "measures/test_alignment.py::test_choice_takes_the_largest_that_pay",
            "test_marts_principles.py::test_choice_near_home",
        ),
        ("principle_indicator",),
    ),
    Measure(
        "Routes and pay",
        "Do certificates carry on to a degree where they are earned, how long do awards take, and what do teachers and "
        "practitioners earn?",
        "Stackable: of institution and four-digit field cells with a certificate, the share that also gave the associate "
        "degree. Lengths: parts of all awards. Pay: the occupations' medians weighted by openings, where at least 75 "
        "percent of openings have a figure.",
        ("completion", "occupation_employment", "occupation_projection", "distance_enrollment"),
        "The degree exists at the institution; whether credit carries on is not known.",
        ("alignment.stackable", "alignment.percent_parts", "alignment.covered_mean"),
        (
            "measures/test_alignment.py::test_stackable",
            "measures/test_alignment.py::test_a_mean_rests_on_three_quarters_or_is_none",
            "measures/test_alignment.py::test_parts_of_nothing_are_none",
            "test_marts_principles.py::test_stackable",
            "test_marts_principles.py::test_pay_of_practitioners",
        ),
        ("principle_indicator",),
    ),
    Measure(
        "In demand",
        "Which occupations does a state's published rule call in-demand, high-wage or high-skill here?",
        "Each rule of the table in_demand_rule, read as written; a reader's own thresholds go through the same code",
        ("in_demand_rule", "occupation_projection", "occupation", "occupation_employment"),
        "Rules with a dollar threshold stay out of the count of rules that agree. A rule's numbers were set for its own "
        "state.",
        (
            "in_demand.rules",
            "in_demand.criterion",
            "in_demand.own_rule",
            "in_demand.evaluate",
            "in_demand.rules_that_agree",
            "in_demand.wage_floor_usd",
        ),
        (
            "measures/test_in_demand.py::test_every_published_rule_says_what_it_says_by_hand",
            "measures/test_in_demand.py::test_an_own_rule_asks_all_thresholds_of_every_occupation",
            "measures/test_in_demand.py::test_rules_in_dollars_stay_out_of_the_count_that_agrees",
            "test_marts_review.py::test_occupations_that_oregons_rule_calls_in_demand",
            "test_marts_review.py::test_occupations_that_tennessees_rule_calls_in_demand",
        ),
        ("in_demand",),
    ),
    Measure(
        "Program review",
        "Is there room for more awards of a program, and do the jobs it leads to pay?",
        "Room: one more award would raise F* (three-year mean awards, openings of all occupations). Wage: mean of linked "
        "medians weighted by openings, over the area's median. Candidate to scale (room, at least 1), sustain (no room, "
        "at least 1), candidate to transform (room, under 1), examine (no room, under 1)",
        ("program_award", "occupation_projection", "occupation_link", "occupation_employment"),
        "A labour-market screen that names candidates, never a verdict on quality.",
        ("program_review.mean_awards", "program_review.review", "matching.Matching.has_room"),
        (
            "measures/test_program_review.py::test_every_program_is_reviewed_as_by_hand",
            "measures/test_program_review.py::test_the_four_reviews_at_their_edges",
            "test_marts_review.py::test_awards_and_wage_ratio_of_every_program",
        ),
        ("program_review",),
    ),
    # ---- industries
    Measure(
        "Industry shortage",
        "How hard is it for an industry to hire, beside its own history?",
        "Vacancy rate; vacancies per hire (JOR / (100 - JOR)) / (HIR / 100); quits rate; layoffs rate; unemployed per "
        "vacancy (ratio of 12-month means). Each as mid-rank percentile since 2001 and since 2021. Index: mean of the "
        "percentiles, layoffs and unemployed per vacancy counted from the top, at least 4 of 5 parts, the same parts for "
        "all industries of a month",
        ("turnover_monthly", "unemployment_monthly"),
        "Changes from month to month are never called a rise or a fall: the Bureau's table of 90 percent significance is "
        "in none of the sources that are loaded, so it cannot be said which are more than sampling error.",
        (
            "shortage.vacancies_per_hire",
            "shortage.unemployed_per_vacancy",
            "shortage.midrank_percentile",
            "shortage.indicators",
            "shortage.with_percentiles",
            "shortage.with_index",
        ),
        (
            "measures/test_shortage.py::test_vacancies_per_hire_is_the_ratio_of_the_two_levels",
            "measures/test_shortage.py::test_unemployed_per_vacancy_takes_twelve_month_means_of_months_with_both",
            "measures/test_shortage.py::test_a_percentile_is_the_share_below_and_half_of_those_equal",
            "measures/test_shortage.py::test_the_index_rests_on_the_parts_that_all_compared_industries_have",
            "test_published_figures.py::test_vacancies_in_december_2025",
            "test_methods.py::test_no_change_is_called_a_rise_or_a_fall",
        ),
        ("industry_shortage",),
    ),
    Measure(
        "A pathway's industries",
        "Which industries are a pathway's openings in, and how hard do these find it to hire?",
        "Openings(i, k) = sum over s in k of industry i's share of the employment of s times O(s). The pathway's "
        "indicator is the mean of its industries', weighted by these",
        ("industry_occupation_employment", "occupation_projection", "occupation_pathway", "industry_shortage"),
        "Sectors are set against the closest published industry; the share of openings that has none is shown. Education "
        "and health mix public and private employers.",
        (
            "industry.sector_shares",
            "industry.sector_coverage",
            "industry.cluster_openings_by_sector",
            "industry.cluster_coverage_pct",
            "industry.closest_industry",
            "industry.pathway_indicator",
        ),
        (
            "measures/test_industry.py::test_openings_go_where_the_jobs_are",
            "measures/test_industry.py::test_coverage",
            "measures/test_industry.py::test_the_closest_industry_is_the_narrowest_that_is_published",
            "measures/test_industry.py::test_a_pathways_indicator_is_weighted_by_openings",
            "test_marts_principles.py::test_openings_by_industry_and_pathway",
            "test_marts_principles.py::test_a_pathways_industry_shortage",
        ),
        ("industry_cluster_openings", "pathway_industry_shortage"),
    ),
    Measure(
        "Modelled vacancies by state and industry",
        "Roughly how many vacancies does an industry have in a state?",
        "National vacancies by industry and state totals, raked over employment by state and industry; withheld cells of "
        "employment filled from what their row leaves over",
        ("turnover_monthly", "industry_employment"),
        "Modelled: nobody publishes these cells, and the label says so.",
        ("industry.fill_withheld", "industry.rake"),
        (
            "measures/test_industry.py::test_the_fit_meets_both_margins_and_keeps_odds",
            "measures/test_industry.py::test_withheld_cells_share_what_is_left",
            "test_marts_principles.py::test_modelled_vacancies_keep_the_odds_of_employment",
        ),
        ("state_industry_vacancies",),
    ),
)

_FIGURES = "test_published_figures.py::"
FIGURES = (
    Figure("Bachelor's degrees, 2020-21", "2,066,445", f"{_FIGURES}test_awards_in_the_universe_of_the_measures"),
    Figure("Bachelor's degrees, 2021-22", "2,015,035", f"{_FIGURES}test_awards_in_the_universe_of_the_measures"),
    Figure(
        "Associate degrees in health (CIP 51), 2021-22",
        "177,433",
        f"{_FIGURES}test_awards_in_the_universe_of_the_measures",
    ),
    Figure(
        "Associate degrees in liberal arts (CIP 24), 2021-22",
        "383,284",
        f"{_FIGURES}test_awards_in_the_universe_of_the_measures",
    ),
    Figure("Jobs, 2024", "169,956,100", f"{_FIGURES}test_projections_2024_to_2034"),
    Figure("Jobs, projected 2034", "175,167,900", f"{_FIGURES}test_projections_2024_to_2034"),
    Figure("Openings a year, 2024-34", "18,863,300", f"{_FIGURES}test_projections_2024_to_2034"),
    Figure("Openings a year for electricians, 2024-34", "81,000", f"{_FIGURES}test_projections_2024_to_2034"),
    Figure("Jobs, May 2025", "155,495,730", f"{_FIGURES}test_employment_and_wages_in_may_2025"),
    Figure("Median annual wage, May 2025", "$50,980", f"{_FIGURES}test_employment_and_wages_in_may_2025"),
    Figure("California's registered nurses, May 2025", "338,940", f"{_FIGURES}test_employment_and_wages_in_may_2025"),
    Figure(
        "Crosswalk pairs, programs, occupations",
        "5,723 / 1,948 / 687",
        f"{_FIGURES}test_pairs_programs_and_occupations_of_the_crosswalk",
    ),
    Figure(
        "The same without postsecondary teachers",
        "4,325 / 1,856 / 650",
        f"{_FIGURES}test_pairs_programs_and_occupations_of_the_crosswalk",
    ),
    Figure(
        "Clusters, occupations, sub-clusters of 2024",
        "14 / 851 / 71",
        f"{_FIGURES}test_clusters_occupations_and_subclusters_of_2024",
    ),
    Figure("Vacancies, December 2025", "6,550 thousand, rate 4.0", f"{_FIGURES}test_vacancies_in_december_2025"),
    Figure(
        "Nation, default scopes, awards of 2023-24",
        "1,028,120 of 4,017,300",
        f"{_FIGURES}test_could_fill_in_the_default_scopes",
    ),
    Figure("without registered nurses", "940,546 of 3,828,200", f"{_FIGURES}test_could_fill_with_occupations_left_out"),
    Figure(
        "without registered nurses, growth and exits",
        "705,691 of 1,683,010",
        f"{_FIGURES}test_could_fill_with_occupations_left_out",
    ),
    Figure(
        "without registered nurses and the projections' hybrid codes",
        "933,822 of 3,657,800",
        f"{_FIGURES}test_could_fill_with_occupations_left_out",
    ),
    Figure("the last, associate degrees only where usual", "872,189", f"{_FIGURES}test_could_fill_strict_on_level"),
    Figure("and no awards of under 12 weeks", "798,250", f"{_FIGURES}test_could_fill_strict_on_level"),
    Figure("D of a district's table", "0.4873", f"{_FIGURES}test_the_mix_of_a_district"),
)


def methods_markdown() -> str:
    """The methods as a Markdown page."""
    lines = [
        "# Methods",
        "",
        "Written from `measures/definitions.py` by `methods_markdown()`; change it there.",
        "",
        NOTATION,
    ]
    for measure in MEASURES:
        lines += [
            "",
            f"## {measure.name}",
            "",
            f"**{measure.answers}**",
            "",
            f"- Formula: {measure.formula.removesuffix('.')}.",
            f"- Source: {_code(measure.source)}" + (f"; result: {_code(measure.found_in)}" if measure.found_in else ""),
            f"- Beware: {measure.caveat}",
            f"- Code: {_code(f'measures.{name}' for name in measure.functions)}",
            f"- Tests: {_code(measure.tests)}",
        ]
    lines += [
        "",
        "## Figures that reproduce",
        "",
        "From the committed snapshot; a test compares each.",
        "",
        "| figure | value | test |",
        "|---|---|---|",
        *(f"| {figure.what} | {figure.value} | `{figure.test.split('::')[1]}` |" for figure in FIGURES),
    ]
    return "\n".join(lines) + "\n"


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
