/**
 * Text as the reference reads it: one symbol per UTF-16 unit, where the halves of a surrogate pair know their code
 * point. `alone` covers lone surrogates too. What a unit is can only be said once the next one is known, if it is a
 * high surrogate.
 */
export type Symbol = number;

const FIRST = 0x10000;
const SECOND = 0x200000;

export const alone = (unit: number): Symbol => unit;
export const firstHalf = (codePoint: number): Symbol => codePoint;
export const secondHalf = (codePoint: number): Symbol => codePoint + SECOND;

export const isFirst = (symbol: Symbol): boolean => symbol >= FIRST && symbol < SECOND;
export const isSecond = (symbol: Symbol): boolean => symbol >= SECOND;

/** The code point a symbol is, or is half of. */
export const codePointOf = (symbol: Symbol): number => (isSecond(symbol) ? symbol - SECOND : symbol);

/** The UTF-16 unit a symbol stands for. */
export function unitOf(symbol: Symbol): number {
  if (symbol < FIRST) return symbol;
  const pair = String.fromCodePoint(codePointOf(symbol));
  return pair.charCodeAt(isSecond(symbol) ? 1 : 0);
}

export const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
export const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Symbols of a complete text. */
export function symbolsOf(text: string): Symbol[] {
  const symbols: Symbol[] = [];
  for (let i = 0; i < text.length; i++) {
    const codePoint = text.codePointAt(i)!;
    if (codePoint < FIRST) symbols.push(alone(codePoint));
    else {
      symbols.push(firstHalf(codePoint), secondHalf(codePoint));
      i++;
    }
  }
  return symbols;
}
