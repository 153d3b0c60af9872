"""The ground floor: project wiring, units, people with accounts, permissions, audit."""
