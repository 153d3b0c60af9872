"""Forms: the kinds of input that the whole portal shares (`fields`), and the ground floor's own forms."""
