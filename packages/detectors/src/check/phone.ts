import { PHONES } from './phone-table.ts';

const compiled = new Map<string, RegExp>();

/** True for an international number, digits only, that its region could have given (E.164: 7 to 15 digits). */
export function isPhone(digits: string): boolean {
  if (digits.length < 7 || digits.length > 15) return false;
  for (let length = 1; length <= 3; length++) {
    const code = digits.slice(0, length);
    const source = PHONES[code];
    if (source === undefined) continue;
    let whole = compiled.get(code);
    if (whole === undefined) compiled.set(code, (whole = new RegExp(`^(?:${source})$`)));
    return whole.test(digits.slice(length));
  }
  return false;
}
