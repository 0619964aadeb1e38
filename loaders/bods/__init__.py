"""The Beneficial Ownership Data Standard 0.4: entities, persons and the relations between them, read."""
