"""From the bytes of a file to plain cells: nothing here knows what a list is."""
