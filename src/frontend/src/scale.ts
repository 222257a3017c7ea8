// Round numbers for an axis.

/** The least and the greatest of some numbers, of which there may be more than a call can have arguments. */
export function extent(numbers: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const number of numbers) {
    if (number < low) low = number;
    if (number > high) high = number;
  }
  return [low, high];
}

/** From three to `most` round numbers that reach from `low` to `high` or just beyond. */
export function ticks(low: number, high: number, most = 6): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((size) => size >= rough - 1e-9) ?? 10 * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1);
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}
