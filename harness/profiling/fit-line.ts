import { linearRegression } from 'simple-statistics';

/** A size and how many calls it took. */
export interface SizedCalls {
  readonly n: number;
  readonly calls: number;
}

export interface LineFit {
  readonly intercept: number;
  /** Calls for each one of the size. */
  readonly slope: number;
  /** Share of the variation explained, 0–1; 1 when the calls do not vary. */
  readonly r2: number;
  /** Sum of the squared distances in calls². */
  readonly residual: number;
  /** Every point lies on it. */
  readonly exact: boolean;
}

/** Counts are whole numbers: a distance this small is rounding of the arithmetic. */
const ROUNDING = 1e-6;

/**
 * Least squares of `calls = intercept + slope · n`. Needs two sizes at least; with one, the slope is `NaN`.
 */
export function fitLine(points: readonly SizedCalls[]): LineFit {
  const { m: slope, b: intercept } = linearRegression(points.map(({ n, calls }) => [n, calls]));
  const quality = qualityOf(
    points.map(({ calls }) => calls),
    points.map(({ n }) => intercept + slope * n),
  );
  return { intercept: tidy(intercept, quality.exact), slope: tidy(slope, quality.exact), ...quality };
}

export interface SumFit {
  readonly intercept: number;
  readonly slopes: readonly number[];
  readonly r2: number;
  readonly residual: number;
  readonly exact: boolean;
}

/**
 * Least squares of `calls = intercept + Σ slope · factor`, for example with the factors n and n·m.
 *
 * @param rows the factors of each observation
 * @returns null when the factors do not vary independently, so that no slope of their own can be told
 */
export function fitSum(rows: readonly (readonly number[])[], calls: readonly number[]): SumFit | null {
  const design = rows.map((factors) => [1, ...factors]);
  const solution = solve(normalEquations(design, calls));
  if (solution === null) return null;
  const fitted = design.map((factors) => dot(factors, solution));
  const quality = qualityOf(calls, fitted);
  const [intercept = 0, ...slopes] = solution.map((value) => tidy(value, quality.exact));
  return { intercept, slopes, ...quality };
}

function qualityOf(calls: readonly number[], fitted: readonly number[]) {
  const centre = calls.reduce((sum, value) => sum + value, 0) / calls.length;
  const distances = calls.map((value, index) => value - (fitted[index] ?? Number.NaN));
  const residual = distances.reduce((sum, distance) => sum + distance ** 2, 0);
  const total = calls.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const tolerance = ROUNDING * Math.max(1, ...calls);
  const exact = distances.every((distance) => Math.abs(distance) <= tolerance);
  return { r2: exact ? 1 : total === 0 ? 0 : 1 - residual / total, residual: exact ? 0 : residual, exact };
}

/** An exact fit of whole numbers loses the last digits of the arithmetic: 0.9999999999 is 1. */
function tidy(value: number, exact: boolean): number {
  const rounded = exact ? Number(value.toFixed(9)) : value;
  return rounded === 0 ? 0 : rounded;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** XᵀX beside Xᵀy, with each column of X divided by its largest value, so that n and n·m weigh alike. */
function normalEquations(design: readonly (readonly number[])[], calls: readonly number[]) {
  const width = design[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) => design.map((row) => row[column] ?? 0));
  const scales = columns.map((column) => Math.max(...column.map(Math.abs)) || 1);
  const scaled = columns.map((column, index) => column.map((value) => value / (scales[index] ?? 1)));
  const matrix = scaled.map((column) => [...scaled.map((other) => dot(column, other)), dot(column, calls)]);
  return { matrix, scales };
}

/** Below this share of the largest, a pivot is the rounding of a column that depends on the others. */
const DEPENDENT = 1e-10;

/** Gauss and Jordan with the largest pivot first. */
function solve({ matrix, scales }: { matrix: number[][]; scales: number[] }): number[] | null {
  const size = matrix.length;
  for (let step = 0; step < size; step++) {
    const rows = matrix.slice(step).toSorted((a, b) => Math.abs(b[step] ?? 0) - Math.abs(a[step] ?? 0));
    matrix.splice(step, rows.length, ...rows);
    const pivotRow = matrix[step] ?? [];
    const pivot = pivotRow[step] ?? 0;
    if (Math.abs(pivot) < DEPENDENT) return null;
    for (let other = 0; other < size; other++) {
      if (other === step) continue;
      const factor = (matrix[other]?.[step] ?? 0) / pivot;
      matrix[other] = (matrix[other] ?? []).map((value, column) => value - factor * (pivotRow[column] ?? 0));
    }
  }
  return matrix.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1) / (scales[index] ?? 1));
}
