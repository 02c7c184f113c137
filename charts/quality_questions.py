"""What the labour-market screen cannot answer of a program, and whom to ask. Our own words."""

from __future__ import annotations

from typing import NamedTuple


class Question(NamedTuple):
    """A question that no public figure answers, what a good answer looks like, and who has it."""

    question: str
    good_answer: str
    ask: str


QUESTIONS = (
    Question(
        "Have employers validated it?",
        "Several employers have gone through what it teaches within the past two years and signed that they would interview those "
        "who finish.",
        "the program’s advisory committee",
    ),
    Question(
        "Does it lead to a recognised credential?",
        "The award, or a licence or certification with it, is one that employers ask for by name.",
        "the college, and recruiters",
    ),
    Question(
        "Is there work-based learning?",
        "Every student has a placement, clinical, internship or apprenticeship that counts towards the award.",
        "the program’s coordinator",
    ),
    Question(
        "Does credit carry on?",
        "High school credit counts towards the certificate, and the certificate in full towards a degree, by written agreement.",
        "the registrar, and the next college",
    ),
    Question(
        "Are outcomes published?",
        "Completion, jobs in the field and earnings are public, for each group of students, and recent.",
        "the college or the state’s longitudinal data",
    ),
)
