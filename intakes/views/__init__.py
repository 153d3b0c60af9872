"""Views that every intake of a workbook shares."""
