// How numbers are written: tests/support/numbers.py lists cases, for this script and for gdcore.

book.numbers = (() => {
  /** @param {number} number @param {number} low @param {number} high */
  const clamp = (number, low, high) => Math.min(Math.max(number, low), high);

  /** A power of ten: 10⁻⁴. @param {number} exponent */
  const power = (exponent) =>
    "10" + [...String(exponent)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");

  /**
   * A number in so many significant digits; below 10⁻³ and above 10⁵ as 2.4×10⁻¹³. Zeros at the end
   * are kept where the number would else jump as it changes.
   * @param {number} number
   */
  const write = (number, digits = 4, keep = false) => {
    if (!Number.isFinite(number)) return String(number).replace("Infinity", "∞").replace("-", "−");
    const size = Math.abs(number).toExponential(digits - 1);
    const [mantissa, exponent] = size.split("e").map(Number);
    const rounded = Number(size);
    const sign = number < 0 ? "−" : "";
    if (rounded && (rounded < 1e-3 || rounded > 1e5)) {
      const before = keep ? mantissa.toFixed(digits - 1) : mantissa;
      return sign + (before === 1 ? "" : `${before}×`) + power(exponent);
    }
    return sign + (keep ? rounded.toFixed(Math.max(0, digits - 1 - exponent)) : rounded);
  };
  /** @param {number} number */
  const steady = (number, digits = 4) => write(number, digits, true);

  /** A point as one writes it: (3, 2), or x = 0 where there is one component. @param {number[]} x */
  const writePoint = (x) => {
    const numbers = x.map((c) => write(c, 3));
    return x.length === 1 ? `x = ${numbers[0]}` : `(${numbers.join(", ")})`;
  };

  return { clamp, power, write, steady, writePoint };
})();
