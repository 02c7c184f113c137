"""The vision of 2016 and what it asks of industry, in our words: principles, proxies, calls, and the visions after it.

What is said of the principles is kept in ``data/reference``; the stock-taking worksheet reads it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from etl.warehouse.read import Reader

TITLE = "Putting Learner Success First: A Shared Vision for the Future of CTE"
SIGN_ON_URL = "https://careertech.org/shared-vision-sign-on"
WITHOUT_LIMITS_URL = "https://careertech.org/without-limits"
CONNECTED_PATH_URL = "https://careertech.org/cte-connects/principles"
CITATION = f"Advance CTE. {TITLE}. Silver Spring, MD, May 2016."


class Proxy(NamedTuple):
    """Figures that this dashboard sets beside a principle, and what they do not say."""

    titles: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Principle:
    """A principle of 2016. ``later`` is, by year of a later vision, where it went: "1 Designed together …"."""

    number: int
    name: str
    holds: str
    not_measured: str
    asks: tuple[str, ...]
    proxies: tuple[Proxy, ...]
    later: dict[int, tuple[str, ...]]


class Call(NamedTuple):
    """A call to industry. ``pages`` are the pages that let one answer it, best first: name of the page's file -> the link's
    words."""

    name: str
    asks: str
    pages: dict[str, str]


#: The four calls, in the order in which one would answer them.
CALLS = (
    Call(
        "Take stock",
        "List what your company or association already does for education, in the nation, in the state and close to home: giving, "
        "a chamber’s advocacy, work with school districts and community colleges, student organizations. Ask of each whether it "
        "serves one of the principles, and what it would take if it does not.",
        {"take_stock": "List what you support and find the hole"},
    ),
    Call(
        "Engage and partner",
        "States and localities have long said that winning employers over is hard. Confirm that a program teaches what the work "
        "needs, open your workplace to learners, bring real problems into lessons, or be the one who connects schools, colleges "
        "and employers.",
        {
            "partners": "Find who trains for these jobs near you",
            "pathways": "See which pathways supply the openings",
        },
    ),
    Call(
        "Support only the highest quality",
        "Ask that money and growth go to programs that are shown to be good, and that those which help neither learners nor "
        "industry are rebuilt or closed. Help write the criteria, and stand by the leaders who have to decide.",
        {"quality": "See which programs to look at first"},
    ),
    Call(
        "Get the message out",
        "Say in public that these programs matter to your industry, with figures that an opponent can check: to members, to "
        "legislators, in the press.",
        {"testify": "Prepare a statement with its figures", "overview": "Begin with the figures of your place"},
    ),
)


def principles(reader: Reader) -> list[Principle]:
    """The five principles in order, each with its actions, its proxies (those with the same limits together) and its
    successors."""
    asks = reader.rows("SELECT principle, asks FROM principle_action ORDER BY principle, position")
    proxies = reader.rows("SELECT principle, title, note FROM principle_measure ORDER BY principle, rowid")
    later = reader.rows(
        "SELECT principle, vision_year, successor || ' ' || says FROM principle_successor "
        "ORDER BY principle, vision_year, successor"
    )
    years = sorted({year for _, year, _ in later})
    return [
        Principle(
            number,
            name,
            holds,
            not_measured,
            tuple(text for p, text in asks if p == number),
            tuple(
                Proxy(tuple(title for _, title, _ in alike), without_label(note))
                for note, alike in groupby((row for row in proxies if row[0] == number), key=itemgetter(2))
            ),
            {year: tuple(text for p, y, text in later if (p, y) == (number, year)) for year in years},
        )
        for number, name, holds, not_measured in reader.rows(
            "SELECT principle, name, holds, not_measured FROM principle ORDER BY principle"
        )
    ]


def without_label(note: str) -> str:
    """A proxy's note as a sentence of its own, without the word that opens it in the table.

    >>> without_label("Proxy: says that a program exists")
    'Says that a program exists.'
    """
    text = note.removeprefix("Proxy: ")
    return f"{text[:1].upper()}{text[1:]}."
