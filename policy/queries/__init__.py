"""Readings of the record. Every one takes an AsOf; none asks what day it is."""
