"""Keeping a store in order: packing, merging, looking for damage."""
