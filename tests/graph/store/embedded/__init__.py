"""Tests of the embedded server; a package so that its module names do not meet those of other rooms."""
