"""The history of the record."""
