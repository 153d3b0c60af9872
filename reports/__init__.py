"""Half-year submissions, approvals, frozen reports and their narrative; what waits for each member of staff."""
