"""Posts (任职信息): who holds which office in which organisation, from when to when."""
