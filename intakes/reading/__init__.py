"""Lists as officers keep them in workbooks: read, understood, and written.

Four rooms, each knowing only those before it: `files` (bytes to cells) and `words` (what officers write and mean),
`columns` (what each column holds), `rows` (typed rows with their problems). `reading` puts them together, `writing`
goes the other way. Pure: no model, no query, no request; of Django only what marks sentences for translation.
"""
