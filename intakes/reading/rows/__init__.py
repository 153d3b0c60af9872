"""From the cells of a table to typed rows, with what is wrong with each."""
