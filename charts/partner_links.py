"""National directories that lead to a state's CTE office and its workforce boards.

A state's own addresses change often; each of these directories keeps the list of all states.
"""

from __future__ import annotations

from typing import NamedTuple


class Link(NamedTuple):
    """A directory: its address, name, and what is found there."""

    url: str
    name: str
    what: str


#: Said beside the links.
CHECKED = "Listed 25 November 2026; not opened and checked from here, so a page may have moved."

LINKS = (
    Link(
        "https://careertech.org/",
        "Advance CTE",
        "the association of state CTE directors: each state’s director and profile",
    ),
    Link(
        "https://cte.ed.gov/",
        "U.S. Department of Education, Perkins Collaborative Resource Network",
        "each state’s CTE plan and office",
    ),
    Link(
        "https://www.careeronestop.org/LocalHelp/local-help.aspx",
        "CareerOneStop, U.S. Department of Labor",
        "workforce development boards and American Job Centers by state and ZIP code",
    ),
    Link(
        "https://www.apprenticeship.gov/",
        "Apprenticeship.gov, U.S. Department of Labor",
        "state apprenticeship offices and sponsors",
    ),
    Link(
        "https://nces.ed.gov/collegenavigator/",
        "College Navigator, U.S. Department of Education",
        "every college’s programs and contacts",
    ),
)
