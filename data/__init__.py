"""Facts, reference tables and the demo, with the programs that make the demo from the facts."""
