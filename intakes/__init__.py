"""Lists in officers' workbooks, taken in: read, looked at, mended, and handed to the app whose list it is."""
