"""What the data is, what looks wrong with it, and which losses suit it."""
