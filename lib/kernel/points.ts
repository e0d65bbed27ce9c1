/** Jupyter counts a cursor's position in Unicode code points, JavaScript in UTF-16 units. */

export function fromPoints(text: string, points: number): number {
  return [...text].slice(0, points).join("").length;
}

export function toPoints(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}
