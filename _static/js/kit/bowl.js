// The terrain of a quadratic around the origin: its contours are ellipses, which can be turned and
// stretched on every frame.

/**
 * The largest contour goes through the farthest corner.
 * @param {{ put: Function, place: (x: number, y: number) => Spot }} plot
 * @param {{ x: Interval, y: Interval }} view
 * @param {number} angle of its first axis, in degrees
 * @param {number[]} curvatures along its two axes
 */
book.bowl = (plot, view, angle, [a, b]) => {
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const top = Math.max(...view.x.flatMap((x) => view.y.map((y) => a * (cos * x + sin * y) ** 2 + b * (cos * y - sin * x) ** 2)));
  for (let i = 10; i > 0; i--) {
    const way = Array.from({ length: 90 }, (_, k) => {
      const [u, v] = [Math.cos((k * Math.PI) / 45) / Math.sqrt(a), Math.sin((k * Math.PI) / 45) / Math.sqrt(b)];
      const size = (i / 10) * Math.sqrt(top);
      return plot.place(size * (cos * u - sin * v), size * (sin * u + cos * v));
    });
    plot.put(`bowl ${i}`, "path", { d: `${book.geometry.line(way)}Z`, fill: `var(--figure-terrain${Math.ceil(i / 2)})`,
      stroke: "var(--figure-contour)", "stroke-width": 0.6 });
  }
};
