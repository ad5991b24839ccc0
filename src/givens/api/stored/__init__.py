"""One stored run, and what is told of it."""
