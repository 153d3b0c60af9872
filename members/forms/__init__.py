"""Forms of the members app, and the fields for days and births that lists of people share."""
