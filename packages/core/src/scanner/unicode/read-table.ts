/** Reads the generated Unicode tables. Their format is described in their generator. */

export function readMap(table: string): ReadonlyMap<number, readonly number[]> {
  const map = new Map<number, readonly number[]>();
  let codePoint = 0;
  for (const run of table.trim().split(/\s/)) {
    const [gap, count, stride, target] = run.split(',') as [string, string, string, string];
    codePoint += Number.parseInt(gap, 36);
    const constant = target.startsWith('=');
    const same = constant && target.length > 1 ? target.slice(1).split('.').map(fromBase36) : [];
    const delta = constant ? 0 : fromBase36(target);
    const step = Number.parseInt(stride, 36);
    for (let left = fromBase36(count); left > 0; left--) {
      map.set(codePoint, constant ? same : [codePoint + delta]);
      if (left > 1) codePoint += step;
    }
  }
  return map;
}

export function fromBase36(digits: string): number {
  return Number.parseInt(digits, 36);
}
