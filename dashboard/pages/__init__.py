"""The pages, one per file; each answers the question its docstring asks."""
