"""What `python -m loaders export csv` wrote, loaded again: the same nodes, versions, identifiers, relations and ids."""
