import { IBANS } from './iban-table.ts';
import { remainder } from './numbers.ts';

const SIGNS: { readonly [kind: string]: string } = { n: '\\d', a: '[A-Z]', c: '[0-9A-Z]' };
const structures = new Map<string, RegExp>();

/**
 * True for an IBAN in its compact form: length and structure of its country, and check digits (ISO 13616-1, ISO 7064
 * mod 97).
 */
export function isIban(text: string): boolean {
  const country = text.slice(0, 2);
  const row = IBANS[country];
  if (row === undefined || text.length !== row[0]) return false;
  let structure = structures.get(country);
  if (structure === undefined) {
    const source = row[1].replaceAll(/(\d+)([nac])/g, (_, count: string, kind: string) => `${SIGNS[kind]!}{${count}}`);
    structures.set(country, (structure = new RegExp(`^${source}$`)));
  }
  const check = Number(text.slice(2, 4));
  if (!(check >= 2 && check <= 98) || !structure.test(text.slice(4))) return false;
  return remainder(text.slice(4) + text.slice(0, 4), 97) === 1;
}
