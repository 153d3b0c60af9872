"""Words and their meaning: what officers write in headings, titles and cells, and the sentences said to them."""
