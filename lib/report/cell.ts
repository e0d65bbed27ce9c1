/** What a cell of a table or a point of a figure may be, and how it reads. */

/** A mean with the bounds of its interval, all in the unit of its column. */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

export type Cell = string | number | boolean | null | Estimate;
export type TableRow = Record<string, Cell>;

export function isEstimate(cell: Cell | undefined): cell is Estimate {
  return typeof cell === "object" && cell !== null;
}

/** The number that a cell stands for: an estimate's mean; null where there is none. */
export function centre(cell: Cell | undefined): number | null {
  if (isEstimate(cell)) return cell.mean;
  return typeof cell === "number" && Number.isFinite(cell) ? cell : null;
}

/**
 * A cell as text: `41.6`, `41.6 [38.2, 45.0]`, `yes`; null is an en dash. Numbers take `digits` decimals (default 1),
 * but integers stay integers where `digits` is not given.
 */
export function formatCell(cell: Cell | undefined, digits?: number): string {
  if (cell === null || cell === undefined) return "–";
  if (typeof cell === "string") return cell;
  if (typeof cell === "boolean") return cell ? "yes" : "no";
  const number = (value: number) => {
    if (!Number.isFinite(value)) return "–";
    const text = value.toFixed(digits ?? (Number.isInteger(value) && !isEstimate(cell) ? 0 : 1));
    return Number(text) === 0 ? text.replace("-", "") : text;
  };
  return isEstimate(cell) ? `${number(cell.mean)} [${number(cell.low)}, ${number(cell.high)}]` : number(cell);
}
