"""A grid as text, in the formats that people take elsewhere: one file each."""
