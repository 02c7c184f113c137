"""How long the slow parts take, as multiples of a floor measured in the same run.

Seconds differ from machine to machine and from hour to hour. How many times longer than merely reading the same files,
or how many times shorter than the textbook way to the same numbers, differs far less: that is what has a target. One file per
family of figures; :mod:`bench.row` is what they give, :mod:`bench.server` what those need that measure the dashboard.
"""
