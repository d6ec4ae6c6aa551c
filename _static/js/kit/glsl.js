// Maps of where descents end, drawn by the reader's graphics: gdcore's formulas in GLSL, one start a
// pixel, in single precision. What an end is stands in outcomes.js; the numbers are the same.

/**
 * @typedef {object} MapSetting what a map shows
 * @property {Objective} objective
 * @property {Optimizer} optimizer
 * @property {Numbers} parameters
 * @property {Interval[]} limits
 * @property {number} side how many starts along each axis
 * @property {number} steps
 * @property {number} tol
 */

/** Returns what draws maps, or nothing where there is no WebGL 2. */
book.glsl = () => {
  const { reach, ELSEWHERE, BOUNCING, UNDERWAY, DIVERGED } = book.outcomes;
  const gl = document.createElement("canvas").getContext("webgl2", { antialias: false, depth: false });
  if (!gl) return undefined;
  const FIRST = 8; // what is added to an end, so that it is a color

  const CORNERS = `#version 300 es
    void main() { gl_Position = vec4(vec2[3](vec2(-1), vec2(3, -1), vec2(-1, 3))[gl_VertexID], 0, 1); }`;
  /** The loop of outcomes.js. @param {Objective} objective @param {Optimizer} optimizer */
  const source = ({ minimizers, glsl }, optimizer) => `#version 300 es
    precision highp float;
    precision highp int;
    uniform vec2 corner, cell;
    uniform float tol;
    uniform int steps;
    uniform vec3 places[${minimizers.length}];
    out vec4 color;
    ${glsl}
    ${optimizer.glsl}
    int ending(vec2 x) {
      float before = 0.0, lately = 0.0;
      int turns = 0, quarter = steps / 4;
      vec2 last = vec2(0);
      start(x.x, x.y);
      for (int k = 0; k <= steps; k++) {
        vec3 g = run(x.x, x.y);
        if (!(abs(g.x) < 1e37 && abs(g.y) < 1e37 && abs(g.z) < 1e37)) return ${DIVERGED};
        float steepest = max(abs(g.y), abs(g.z));
        if (steepest <= tol) {
          for (int i = 0; i < ${minimizers.length}; i++) if (distance(x, places[i].xy) <= places[i].z) return i;
          return ${ELSEWHERE};
        }
        if (k > steps - quarter) lately = max(lately, steepest);
        else if (k > steps - 2 * quarter) before = max(before, steepest);
        vec2 move = stepped(g, x.x, x.y);
        if (k >= steps - quarter && k < steps && dot(last, move) < 0.0) turns++;
        last = move;
        x += move;
      }
      return float(turns) >= float(quarter) / 3.0 && lately >= 0.9 * before ? ${BOUNCING} : ${UNDERWAY};
    }
    void main() { color = vec4(float(ending(corner + gl_FragCoord.xy * cell) + ${FIRST}) / 255.0); }`;

  /** @type {Map<string, WebGLProgram>} */
  const programs = new Map();
  /** @param {string} text */
  const program = (text) => {
    const made = programs.get(text) ?? gl.createProgram();
    if (programs.has(text)) return made;
    programs.set(text, made);
    for (const [kind, code] of /** @type {[number, string][]} */ ([[gl.VERTEX_SHADER, CORNERS], [gl.FRAGMENT_SHADER, text]])) {
      const shader = gl.createShader(kind);
      if (!shader) continue; // a lost context has none
      gl.shaderSource(shader, code);
      gl.compileShader(shader);
      gl.attachShader(made, shader);
    }
    gl.linkProgram(made);
    return made;
  };

  const image = gl.createRenderbuffer();
  gl.bindRenderbuffer(gl.RENDERBUFFER, image);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, image);
  gl.enable(gl.SCISSOR_TEST);

  /** When all that was asked of the graphics is done; whether it was. @returns {Promise<boolean>} */
  const finished = () => new Promise((resolve) => {
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    const look = () => {
      const status = sync ? gl.clientWaitSync(sync, 0, 0) : gl.WAIT_FAILED;
      if (status === gl.TIMEOUT_EXPIRED) return void setTimeout(look, 2);
      gl.deleteSync(sync);
      resolve(status !== gl.WAIT_FAILED && !gl.isContextLost());
    };
    setTimeout(look);
  });

  let rows = 32; // at a time: as many as take about a frame
  /**
   * Where the starts of a grid end, row by row from below. Nothing blocks: the map is made in strips.
   * @param {MapSetting} setting
   * @param {(part: number) => boolean} goOn told after each strip how much is done
   * @returns {Promise<Int8Array | "stopped" | "broken">} stopped by `goOn`, or where the graphics cannot
   */
  const ends = async ({ objective, optimizer, parameters, limits, side, steps, tol }, goOn) => {
    const used = program(source(objective, optimizer));
    if (!gl.getProgramParameter(used, gl.LINK_STATUS)) return "broken";
    gl.useProgram(used);
    const at = (/** @type {string} */ name) => gl.getUniformLocation(used, name);
    gl.uniform2f(at("corner"), limits[0][0], limits[1][0]);
    gl.uniform2f(at("cell"), (limits[0][1] - limits[0][0]) / side, (limits[1][1] - limits[1][0]) / side);
    gl.uniform1f(at("tol"), tol);
    gl.uniform1i(at("steps"), steps);
    gl.uniform1fv(at("p"), parameters);
    gl.uniform3fv(at("places"), objective.minimizers.flatMap(([x, y], i) => [x, y, reach(objective, i, tol)]));
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, side, side);
    gl.viewport(0, 0, side, side);
    const found = new Int8Array(side * side);
    for (let row = 0, many; row < side; row += many) {
      many = Math.min(rows, side - row);
      const began = performance.now();
      gl.scissor(0, row, side, many);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
      const copy = gl.createBuffer();
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, copy);
      gl.bufferData(gl.PIXEL_PACK_BUFFER, 4 * side * many, gl.STREAM_READ);
      gl.readPixels(0, row, side, many, gl.RGBA, gl.UNSIGNED_BYTE, 0);
      if (!await finished()) return "broken";
      const colors = new Uint8Array(4 * side * many);
      gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, colors);
      gl.deleteBuffer(copy);
      for (let i = 0; i < side * many; i++) found[row * side + i] = colors[4 * i] - FIRST;
      const took = performance.now() - began;
      rows = book.numbers.clamp(Math.round(rows * (took < 12 ? 2 : took > 40 ? 0.5 : 1)), 8, 512);
      if (!goOn((row + many) / side)) return "stopped";
    }
    return found;
  };
  return ends;
};
