"""A forge for tests: GitHub's REST and GraphQL over real HTTP on loopback."""
