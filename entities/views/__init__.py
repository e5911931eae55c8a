"""Thin views over the Entity List."""
