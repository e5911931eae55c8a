"""Asking the official sources over the network; this room knows no Django."""
