"""How parties hang together: paths between them, and the conflicts of bidders, pure over relations that were read.

It must not know how relations are read nor who asks; what a reader may not see never comes in.
"""
