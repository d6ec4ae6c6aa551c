"""How fast the book is built and descends, in ratios: python -m benchmarks."""
