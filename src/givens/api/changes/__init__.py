"""Changing what is stored: edits, removals, and taking them back."""
