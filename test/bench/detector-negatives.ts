/**
 * Texts that hold neither personal data nor secrets and look as if they did: 34 families, the same for the same seed.
 */
import type { Random } from './detector-random.ts';

type Family = (random: Random) => string;

const date = (r: Random): string => `20${r.digits(2, 10, 29)}-${r.digits(2, 1, 12)}-${r.digits(2, 1, 28)}`;
const time = (r: Random): string => `${r.digits(2, 0, 23)}:${r.digits(2, 0, 59)}:${r.digits(2, 0, 59)}`;
const version = (r: Random): string => `${r.below(20)}.${r.below(40)}.${r.below(90)}`;
const ean = (digits: string): string => {
  const sum = Array.from(digits, Number).reduce((all, digit, i) => all + digit * (i % 2 === 0 ? 1 : 3), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
};
const word = (r: Random): string =>
  r.pick(['parcel', 'ledger', 'harbour', 'kettle', 'signal', 'quarry', 'meadow', 'lantern']);
const name = (r: Random): string => `${word(r)}${r.pick(['Count', 'Index', 'Total', 'Batch', 'State'])}`;

/** A short function in one of ten languages, with numbers and strings as programs have them. */
const CODE: { readonly [language: string]: Family } = {
  typescript: (r) =>
    `export const ${name(r)} = (items: readonly number[]): number => items.reduce((a, b) => a + b, ${r.digits(9)});`,
  python: (r) =>
    `def ${word(r)}_total(rows):\n    return sum(row["${word(r)}"] for row in rows if row["id"] != ${r.digits(10)})`,
  go: (r) =>
    `func ${name(r)}(id int64) error {\n\tif id == ${r.digits(13)} {\n\t\treturn fmt.Errorf("%d", id)\n\t}\n\treturn nil\n}`,
  rust: (r) =>
    `const ${word(r).toUpperCase()}: u64 = ${r.digits(12)};\nfn ${word(r)}(x: u64) -> u64 { x ^ 0x${r.hex(16)} }`,
  java: (r) =>
    `private static final long serialVersionUID = ${r.digits(18)}L;\nprivate final String ${word(r)}Key = "${word(r)}.${word(r)}";`,
  c: (r) =>
    `static const uint32_t ${word(r)}_table[] = { 0x${r.hex(8)}, 0x${r.hex(8)}, 0x${r.hex(8)}, ${r.digits(9)} };`,
  csharp: (r) => `public Guid Id { get; } = Guid.Parse("${r.uuid()}");\npublic int ${name(r)} => ${r.digits(8)};`,
  ruby: (r) =>
    `${word(r)} = { id: ${r.digits(9)}, token_type: :${word(r)}, at: Time.at(${r.digits(10, 1_500_000_000, 1_800_000_000)}) }`,
  sql: (r) =>
    `INSERT INTO ${word(r)} (id, ref, amount) VALUES (${r.digits(9)}, '${r.upper(3)}-${r.digits(6)}', ${r.digits(5)}.${r.digits(2)});`,
  shell: (r) => `for f in *.log; do sha256sum "$f" | cut -c1-${r.below(64)}; done # ${r.hex(40)}`,
};

export const NEGATIVES: { readonly [family: string]: Family } = {
  unixSeconds: (r) => `{"ts":${r.digits(10, 1_400_000_000, 1_900_000_000)},"level":"info"}`,
  unixMilliseconds: (r) => `started at ${r.digits(13, 1_400_000_000_000, 1_900_000_000_000)}, took ${r.digits(4)} ms`,
  compactTimes: (r) => {
    const [day, at] = [date(r).replaceAll('-', ''), time(r).replaceAll(':', '')];
    return `backup_${day}${at} and ${day}${at.slice(0, 4)}, seen ${day.slice(2)}${at}`;
  },
  articles: (r) =>
    `EAN ${ean(r.digits(12))} at the till, ${ean(`978${r.digits(9)}`)} in the shop, ${ean(r.digits(12))}`,
  datedOrders: (r) =>
    `Your number is ${date(r).replaceAll('-', '')}${r.digits(4)}, or ${date(r).slice(2).replaceAll('-', '')}${r.digits(5)}`,
  goods: (r) =>
    `SKU ${r.digits(3, 200, 999)}-${r.digits(3, 200, 999)}-${r.digits(4)}, part no. ${r.digits(3)}-${r.digits(4)}-${r.digits(2)}, model ${r.upper(2)}${r.digits(4)}`,
  passwordTalk: (r) =>
    r.pick([
      `const password = request.body.${word(r)}Password${r.below(9)};`,
      `password: required|min:${r.below(20)}|confirmed`,
      `"password": { "type": "string", "minLength": ${r.below(20)} }`,
      `my password is not accepted since Update-${r.below(99)}H2`,
      `PASSWORD=$(openssl rand -base64 ${r.below(64)})`,
      `password_hash = "$2b$12$${r.base62(53)}"`,
      `The password must have ${r.below(20)} signs, a digit and a capital.`,
    ]),
  isoTimes: (r) => `${date(r)}T${time(r)}.${r.digits(3)}Z ${date(r)} ${time(r)}`,
  orderNumbers: (r) =>
    `Your order ${r.digits(3)}-${r.digits(7)}-${r.digits(7)} and invoice INV-${r.digits(8)} were sent.`,
  plainNumbers: (r) => `Item ${r.digits(9)}, batch ${r.digits(11)}, lot ${r.digits(12)}, run ${r.digits(8)}.`,
  snowflakes: (r) => `message ${r.digits(18)} in channel ${r.digits(19)}`,
  versions: (r) => `Upgraded from ${version(r)} to ${version(r)}-rc.${r.below(9)}; build ${version(r)}.${r.digits(4)}`,
  gitHashes: (r) => `commit ${r.hex(40)}\nmerge ${r.hex(7)} ${r.hex(7)}`,
  digests: (r) => `sha256:${r.hex(64)}  md5 ${r.hex(32)}`,
  uuids: (r) => `request ${r.uuid()} trace ${r.hex(32)} span ${r.hex(16)}`,
  isbn: (r) => `ISBN 978-${r.digits(1)}-${r.digits(2)}-${r.digits(6)}-${r.digits(1)} and ISBN ${r.digits(10)}`,
  trackingNumbers: (r) => `UPS 1Z${r.base36(6)}${r.digits(10)}, DHL ${r.digits(10)}, USPS 94${r.digits(20)}`,
  lockFiles: (r) =>
    `${word(r)}@${version(r)}:\n  resolution: {integrity: sha512-${r.base64(86)}==}\n  engines: {node: '>=${r.below(30)}'}`,
  logs: (r) =>
    `${date(r)} ${time(r)} INFO [pool-${r.below(9)}-thread-${r.below(99)}] ${word(r)} id=${r.digits(9)} took=${r.digits(3)}ms status=200`,
  tables: (r) =>
    Array.from(
      { length: 5 },
      () =>
        `${r.digits(3)} ${r.digits(3)} ${r.digits(4)}\t${r.digits(5)}.${r.digits(2)}\t${r.digits(2)}-${r.digits(2)}`,
    ).join('\n'),
  prices: (r) =>
    `EUR ${r.digits(1, 1, 9)}.${r.digits(3)}.${r.digits(3)},${r.digits(2)} or $${r.digits(3)},${r.digits(3)}.${r.digits(2)}`,
  svgPaths: (r) =>
    `M${r.digits(2)}.${r.digits(4)} ${r.digits(2)}.${r.digits(4)}c-1.${r.digits(4)},0.${r.digits(4)} ${r.digits(2)}.${r.digits(4)},${r.digits(2)}.${r.digits(4)}z`,
  minified: (r) =>
    `!function(e,t){var n=e.a${r.digits(2)},r=t.b${r.hex(4)};n.exports=function(o){return o===${r.digits(9)}?"${r.base62(5)}":r(${r.digits(4)})}}(this,{});`,
  base64Images: (r) => `<img src="data:image/png;base64,iVBORw0KGgo${r.base64(160)}=" alt="${word(r)}">`,
  ...Object.fromEntries(Object.entries(CODE).map(([language, family]) => [`code.${language}`, family])),
};
