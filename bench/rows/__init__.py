"""One file for each group of rows. Each has ``steps(size, tools)``, what is to be done, and ``rows(answers, tools)``."""
