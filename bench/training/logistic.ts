/** Rows of active columns, every active column of a row with the row's one value: enough for binary features of normalised length. */
export interface Rows {
  readonly columns: number;
  readonly active: readonly Int32Array[];
  readonly value: Float64Array;
  readonly target: Float64Array;
  readonly weight: Float64Array;
  /** Whether a row without active columns may lean to one side; default true. */
  readonly intercept?: boolean;
}

export interface Fit {
  readonly weights: Float64Array;
  readonly bias: number;
}

const MEMORY = 8;

/**
 * Logistic regression with an L2 penalty, by L-BFGS: no learning rate, no chance, the same result every time. `ridge` is per unit of
 * total row weight.
 */
export function fitLogistic(rows: Rows, ridge: number, iterations = 80): Fit {
  const size = rows.columns + 1;
  const total = rows.weight.reduce((sum, weight) => sum + weight, 0);
  let x: Float64Array = new Float64Array(size);
  let { loss, gradient } = objective(rows, x, ridge, total);
  const steps: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const direction = descend(gradient, steps);
    const slope = dot(direction, gradient);
    if (slope > -1e-12) break;
    let rate = steps.length === 0 ? Math.min(1, 1 / norm(gradient)) : 1;
    let next = x;
    let tried = { loss, gradient };
    for (let attempt = 0; attempt < 25; attempt++, rate /= 2) {
      next = combine(x, direction, rate);
      tried = objective(rows, next, ridge, total);
      if (tried.loss <= loss + 1e-4 * rate * slope) break;
    }
    const s = combine(next, x, -1);
    const y = combine(tried.gradient, gradient, -1);
    const curvature = dot(s, y);
    if (curvature > 1e-14) {
      steps.push({ s, y, rho: 1 / curvature });
      if (steps.length > MEMORY) steps.shift();
    }
    const gain = loss - tried.loss;
    x = next;
    ({ loss, gradient } = tried);
    if (gain < 1e-7) break;
  }
  return { weights: x.subarray(0, rows.columns), bias: x[rows.columns] ?? 0 };
}

export function score(fit: Fit, active: Int32Array, value: number): number {
  let sum = 0;
  for (const column of active) sum += fit.weights[column] ?? 0;
  return fit.bias + sum * value;
}

function objective(
  rows: Rows,
  x: Float64Array,
  ridge: number,
  total: number,
): { loss: number; gradient: Float64Array } {
  const { columns, active, value, target, weight } = rows;
  const gradient = new Float64Array(x.length);
  const bias = x[columns] ?? 0;
  let loss = 0;
  let biasGradient = 0;
  for (let row = 0; row < active.length; row++) {
    const list = active[row] ?? new Int32Array();
    const size = value[row] ?? 0;
    const share = (weight[row] ?? 0) / total;
    let sum = 0;
    for (let i = 0; i < list.length; i++) sum += x[list[i] as number] as number;
    const logit = bias + sum * size;
    const wanted = target[row] ?? 0;
    loss += share * (Math.max(logit, 0) - logit * wanted + Math.log1p(Math.exp(-Math.abs(logit))));
    const error = share * (1 / (1 + Math.exp(-logit)) - wanted);
    biasGradient += error;
    const step = error * size;
    for (let i = 0; i < list.length; i++) {
      const column = list[i] as number;
      gradient[column] = (gradient[column] as number) + step;
    }
  }
  for (let i = 0; i < columns; i++) {
    const w = x[i] as number;
    loss += (ridge / 2) * w * w;
    gradient[i] = (gradient[i] as number) + ridge * w;
  }
  gradient[columns] = rows.intercept === false ? 0 : biasGradient;
  return { loss, gradient };
}

function descend(
  gradient: Float64Array,
  steps: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = gradient.map((value) => -value);
  const alphas: number[] = [];
  for (const { s, y, rho } of [...steps].reverse()) {
    const alpha = rho * dot(s, q);
    alphas.push(alpha);
    add(q, y, -alpha);
  }
  const last = steps.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) * scale;
  }
  for (const { s, y, rho } of steps) add(q, s, (alphas.pop() ?? 0) - rho * dot(y, q));
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function add(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) + factor * (b[i] as number);
}

function combine(a: Float64Array, b: Float64Array, factor: number): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = (a[i] as number) + factor * (b[i] as number);
  return result;
}
