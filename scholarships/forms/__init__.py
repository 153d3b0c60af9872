"""Forms of the scholarships app, one module for each noun."""
