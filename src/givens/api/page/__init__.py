"""What only the page asks: rows while somebody scrolls, columns for plots, views that were saved."""
