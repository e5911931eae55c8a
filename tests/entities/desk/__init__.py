"""The desk, where it writes about parties."""
