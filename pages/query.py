"""What else do the figures say?"""

from pages.parts import ask, block
from pages.parts.scope_bar import is_print_view, scope_bar

QUESTION = "What else do the figures say?"
CHARTS = ()

scope = scope_bar()
block.title(
    QUESTION,
    "Ask the warehouse behind these pages yourself, in SQL: recompute a figure before you print it, or find one that no page has.",
)
ask.limits()
if is_print_view():
    ask.printed(scope)
else:
    ask.question(scope)
    ask.answer()
    ask.tables()
block.end(scope)
