"""Pages of the news: the public's, one article, feeds, and the newsroom."""
