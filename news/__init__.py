"""Articles, photos, categories, revisions; the public home and feeds."""
