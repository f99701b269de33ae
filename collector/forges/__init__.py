"""The forges: one file per kind of host (``github`` …), and the files that help it."""
