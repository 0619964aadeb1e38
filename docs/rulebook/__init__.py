"""The rule book for people: `python -m docs.rulebook` rewrites docs/rules.md and its pictures from the pack.

It must not say anything that the pack does not say.
"""
