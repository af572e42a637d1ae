"""Fronts over the public words: the command line."""

__all__: list[str] = []
