"""The forges: one file per kind of host."""
