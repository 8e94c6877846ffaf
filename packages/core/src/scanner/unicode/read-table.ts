/** Reads the generated Unicode tables. Their format is described in their generator. */

export function readMap(table: string): ReadonlyMap<number, readonly number[]> {
  const map = new Map<number, readonly number[]>();
  let codePoint = 0;
  for (const run of table.trim().split(/\s/)) {
    const at = run.search(/[-+=]/);
    const [gap = 1, count = 1, step = 1] = run.slice(0, at).split(',').map(numberOrOne);
    const target = run.slice(at);
    codePoint += gap;
    const constant = target.startsWith('=');
    const same = constant && target.length > 1 ? target.slice(1).split('.').map(fromBase36) : [];
    const delta = constant ? 0 : fromBase36(target);
    for (let left = count; left > 0; left--) {
      map.set(codePoint, constant ? same : [codePoint + delta]);
      if (left > 1) codePoint += step;
    }
  }
  return map;
}

const numberOrOne = (digits: string): number => (digits === '' ? 1 : fromBase36(digits));

export function fromBase36(digits: string): number {
  return Number.parseInt(digits, 36);
}
