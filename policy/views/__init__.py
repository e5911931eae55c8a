"""Thin views: parse the input, ask one query, render one template or one part of it."""
