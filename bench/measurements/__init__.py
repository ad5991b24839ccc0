"""What is measured, the same for every tool. It runs in the tool's own interpreter: standard library only."""
