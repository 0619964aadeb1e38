"""The source `city`: a seeded synthetic Jiangmen of any size, streamed entry by entry.

It must not know a database; what it says of any entity is a function of seed and index alone.
"""
