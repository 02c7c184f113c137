"""Records that may not leave their warehouse: counted where they lie, and only what may be shown comes back.

``maps`` reads what a table's columns hold, ``connect`` opens the connection, ``counts`` and ``protect`` write one Ibis
expression that counts students and withholds small cells in the engine, and ``bring`` runs it and hands on rows as
``etl.landing.land`` takes them.
"""
