"""Exports: the whole graph for a role on a day as a file others read; page by page, whole or not at all."""
