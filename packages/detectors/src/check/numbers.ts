/** Arithmetic that check digits are made of. Texts are compact: no separators, letters in upper case. */

/** A digit's value, or a letter's: A is 10, Z is 35. */
export function valueOf(sign: string | undefined): number {
  const code = sign?.charCodeAt(0) ?? Number.NaN;
  return code < 58 ? code - 48 : code - 55;
}

/** The sum of the first signs, each times its weight. */
export function weighted(text: string, weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += valueOf(text[i]) * weights[i]!;
  return sum;
}

const FALLING: Map<number, readonly number[]> = new Map();

/** `9, 8, ..., 2` for `falling(9, 2)`; upwards if the second is the larger. Both are below 64. */
export function falling(from: number, to: number): readonly number[] {
  const key = from * 64 + to;
  let weights = FALLING.get(key);
  if (weights === undefined) {
    const step = to < from ? -1 : 1;
    weights = Array.from({ length: Math.abs(from - to) + 1 }, (_, i) => from + i * step);
    FALLING.set(key, weights);
  }
  return weights;
}

/** The digit at a place. */
export const at = (text: string, place: number): number => text.charCodeAt(place) - 48;

/** How many digits there are in a text. */
export function digitsIn(text: string): number {
  let digits = 0;
  for (let i = 0; i < text.length; i++) if (isDigit(text.charCodeAt(i))) digits++;
  return digits;
}

export const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57;

/** The number that some of the signs write. */
export const part = (text: string, from: number, to: number): number => Number(text.slice(from, to));

/** Digits of a number added up. */
export function digitSum(value: number): number {
  let sum = 0;
  for (let left = value; left > 0; left = Math.floor(left / 10)) sum += left % 10;
  return sum;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** True for a day that a month has in some year. */
export const isDay = (month: number, day: number): boolean => day >= 1 && day <= (DAYS[month - 1] ?? 0);

/** Remainder of a long number, read digit by digit. Letters count as two digits (ISO 7064, IBAN). */
export function remainder(text: string, modulus: number): number {
  let rest = 0;
  for (const sign of text) {
    const value = valueOf(sign);
    rest = (rest * (value > 9 ? 100 : 10) + value) % modulus;
  }
  return rest;
}

/** ISO/IEC 7064, MOD 11,10: the last digit is the check. */
export function mod1110(text: string): boolean {
  let product = 10;
  for (let i = 0; i < text.length - 1; i++) {
    product = ((product + at(text, i)) % 10 || 10) * 2;
    product %= 11;
  }
  return (11 - product) % 10 === at(text, text.length - 1);
}

/** Weights 7, 3, 1 over digits and letters, as in machine-readable travel documents (ICAO 9303). */
export function icao(text: string): number {
  return (
    weighted(
      text,
      Array.from(text, (_, i) => [7, 3, 1][i % 3]!),
    ) % 10
  );
}
