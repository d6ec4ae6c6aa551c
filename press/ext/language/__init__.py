"""Two languages in one source: their blocks, their anchors, their search."""
