"""Other ways to serve the same data by GraphQL, for a comparison in the same run."""
