"""Cleans one cell: every way in which dates, amounts, numbers and names come in files (docs/sources.md).

It must not know columns, rows or sources.
"""
