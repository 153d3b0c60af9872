"""Demo data: units, articles, programmes, declared figures and the lists of children and members."""
