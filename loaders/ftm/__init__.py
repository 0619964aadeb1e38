"""FollowTheMoney entities as JSON lines: companies, persons, ownership and offices, read."""
