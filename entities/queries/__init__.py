"""Readings of the Entity List. Every one takes a point in both times."""
