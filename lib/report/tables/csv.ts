import { isEstimate, type TableRow } from "../cell";

/**
 * The rows as CSV (RFC 4180, but `\n`), with every digit: what was measured, for others to compute with. An estimate
 * fills three columns, `score`, `score_low` and `score_high`; null is empty.
 */
export function toCsv(rows: readonly TableRow[]): string {
  const flat = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([key, cell]) =>
        isEstimate(cell)
          ? [
              [key, cell.mean],
              [`${key}_low`, cell.low],
              [`${key}_high`, cell.high],
            ]
          : [[key, cell]],
      ),
    ),
  );
  const keys = [...new Set(flat.flatMap((row) => Object.keys(row)))];
  const line = (values: readonly unknown[]) => `${values.map(field).join(",")}\n`;
  return line(keys) + flat.map((row) => line(keys.map((key) => row[key]))).join("");
}

function field(value: unknown): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
