"""The first load of a graph without a server: the writer's rows as tables for Neo4j's offline importer.

It must not know files or sources: it answers what the writer asks, as an empty database would.
"""
