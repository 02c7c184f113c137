"""One module, one mart (or a few that fall out of the same work): ``rows`` derives it from tables built before it.

The definitions live in ``measures``; a mart only fetches what a measure needs and names the result.
"""
