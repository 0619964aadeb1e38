"""The pictures of the README, drawn from served answers: `python -m docs.pictures ADDRESS TOKEN` rewrites docs/*.svg.

It must not know how an answer is found; it speaks HTTP only.
"""
