"""Writes of the members app, one module for each noun."""
