"""Holdings (股东及出资): who holds which share of which organisation, and since when."""
