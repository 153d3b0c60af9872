"""Members of the association, their memberships, and the lists they come in."""
