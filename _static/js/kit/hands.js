// What hands do on a drawing, by mouse, by finger and by keys.

book.hands = (() => {
  /** Where the pointer is on a drawing. @param {SVGSVGElement} drawing @param {MouseEvent} event */
  const spotIn = (drawing, event) =>
    new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM()?.inverse());

  /**
   * Let a handle on a drawing be moved: by arrow keys, which `move` is told of as -1, 0 or 1 across and
   * up, farther with Shift; and let a finger on it drag it and not the page.
   * @param {SVGElement} handle
   * @param {(across: number, up: number, far: boolean) => void} move
   */
  const movable = (handle, move) => {
    handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    handle.onkeydown = (event) => {
      /** @type {Record<string, [number, number]>} */
      const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      const way = ways[event.key];
      if (!way || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      move(...way, event.shiftKey);
    };
  };

  return { spotIn, movable };
})();
