"""The source `world`: a small world in one YAML file, for tests, demonstrations, bug reports and what-if.

It must not know the command line; get → transform → load → retire, the same verbs as every source.
"""
