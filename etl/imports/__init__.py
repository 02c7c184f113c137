"""Files that people have: what is in them, what of it may be shown, and how it reaches the warehouse.

``table`` opens a file within bounds, ``names`` reads headings and cluster names, ``answers`` holds what only a person can
say, ``understand`` puts these together, ``suppress`` withholds small cells, ``canonical`` is the one layout in which rows
are handed on. All of them work on bytes and frames alone and write nothing; ``etl.landing`` loads.
"""
