/**
 * exp, cos and sin that give the same last bit everywhere. ECMAScript leaves the precision of the `Math` functions to
 * the engine (ECMA-262, "The Math Object": implementation-approximated), but + - × ÷ are exact IEEE 754, and a dataset
 * must be the same rows on any machine.
 */

/** e^x for |x| up to 20; relative error below 1e-12. */
export function portableExp(x: number): number {
  const SQUARINGS = 10;
  const small = x / 2 ** SQUARINGS;
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 8; n++) {
    term = (term * small) / n;
    sum += term;
  }
  for (let i = 0; i < SQUARINGS; i++) sum *= sum;
  return sum;
}

/** Cosine of an angle in turns, -1 to 1; absolute error below 1e-12. */
export function portableCos(turns: number): number {
  const x = turns * 2 * Math.PI;
  let term = 1;
  let sum = 1;
  for (let n = 2; n <= 40; n += 2) {
    term = (-term * x * x) / (n * (n - 1));
    sum += term;
  }
  return sum;
}

/** Sine of an angle in turns, -0.75 to 1; absolute error below 1e-12. */
export function portableSin(turns: number): number {
  return portableCos(turns - 0.25);
}
