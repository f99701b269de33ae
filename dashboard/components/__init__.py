"""Pieces of pages, without queries: markup, signs, tables, explanations."""
