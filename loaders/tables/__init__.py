"""Tables as departments send them: CSV of any encoding and size, and XLSX.

It must not know what a source means by its columns.
"""
