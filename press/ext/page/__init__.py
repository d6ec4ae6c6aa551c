"""Pages: formulas, outputs of cells, notebooks, cards, scripts and the stylesheet."""
