"""What each column of a table holds, from its heading and from its cells."""
