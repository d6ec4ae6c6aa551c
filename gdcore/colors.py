"""The book's colours（配色）, which its figures and its pages share."""

#: On a page each is a CSS variable of its name, set for light and for dark.
COLORS = {
    "ink": "#1b1b1f",
    "faint": "#8b8b90",
    "blue": "#0072b2",
    "orange": "#d55e00",
    "green": "#00875f",
    "purple": "#a8508b",
    "yellow": "#b98300",
    "red": "#8c1d2c",
    "indigo": "#3d2b8f",
}
