/** A row of few entries, each with its own value. */
export interface SparseRow {
  readonly columns: readonly number[];
  readonly values: readonly number[];
  readonly target: 0 | 1;
  readonly weight: number;
}

export interface ColumnRule {
  /** What is believed before any data: rare findings keep it. */
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

export interface ConstrainedFit {
  readonly bias: number;
  readonly weights: readonly number[];
}

/**
 * Logistic regression with bounds and a belief for each column, by cyclic coordinate descent with Newton steps. `belief` is how many
 * rows' worth of evidence it takes to outweigh a belief; row weights are scaled to a mean of 1.
 */
export function fitConstrained(
  rows: readonly SparseRow[],
  rules: readonly ColumnRule[],
  belief: number,
  cycles = 60,
): ConstrainedFit {
  const scale = rows.length / rows.reduce((sum, row) => sum + row.weight, 0);
  const byColumn: { row: number; value: number }[][] = rules.map(() => []);
  rows.forEach((row, index) => {
    row.columns.forEach((column, i) => byColumn[column]?.push({ row: index, value: row.values[i] ?? 0 }));
  });
  const weights = rules.map(({ mean, least, most }) => Math.min(most, Math.max(least, mean)));
  const logits = new Float64Array(rows.length);
  let bias = 0;
  rows.forEach((row, index) => {
    logits[index] = row.columns.reduce((sum, column, i) => sum + (weights[column] ?? 0) * (row.values[i] ?? 0), 0);
  });
  for (let cycle = 0; cycle < cycles; cycle++) {
    let moved = step(
      (): Iterable<{ row: number; value: number }> => rows.map((_, row) => ({ row, value: 1 })),
      0,
      0,
      (delta) => {
        bias += delta;
        return delta;
      },
    );
    rules.forEach((rule, column) => {
      const change = step(
        () => byColumn[column] ?? [],
        belief,
        (weights[column] ?? 0) - rule.mean,
        (delta) => {
          const before = weights[column] ?? 0;
          const after = Math.min(rule.most, Math.max(rule.least, before + delta));
          weights[column] = after;
          return after - before;
        },
      );
      moved = Math.max(moved, change);
    });
    if (moved < 1e-4) break;
  }
  return { bias, weights };

  /** One damped Newton step along a column; returns how far it went. */
  function step(
    entries: () => Iterable<{ row: number; value: number }>,
    ridge: number,
    offset: number,
    apply: (delta: number) => number,
  ): number {
    let gradient = ridge * offset;
    let curvature = ridge;
    for (const { row, value } of entries()) {
      const p = 1 / (1 + Math.exp(-(logits[row] ?? 0)));
      const weight = (rows[row]?.weight ?? 0) * scale;
      gradient += weight * (p - (rows[row]?.target ?? 0)) * value;
      curvature += weight * Math.max(p * (1 - p), 1e-4) * value * value;
    }
    if (curvature === 0) return 0;
    const moved = apply(Math.min(1, Math.max(-1, -gradient / curvature)));
    if (moved !== 0) for (const { row, value } of entries()) logits[row] = (logits[row] ?? 0) + moved * value;
    return Math.abs(moved);
  }
}
