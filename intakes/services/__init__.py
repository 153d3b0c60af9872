"""Writes of the intakes app, one module for each noun."""
