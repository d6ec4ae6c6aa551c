"""Extensions of Sphinx, each for one purpose, in rooms named for what they serve."""
