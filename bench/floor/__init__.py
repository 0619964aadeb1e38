"""The least an answer can cost: hand-written Cypher with the answer's shape, frozen; nothing of GraphQL."""
