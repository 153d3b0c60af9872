"""Views of the reports app, split by noun."""
