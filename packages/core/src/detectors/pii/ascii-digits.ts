const DECIMAL = /\p{Nd}/u;

/** Decimal digits of any script as ASCII, as folding reads them; everything else in its compatibility form. */
export function asciiDigits(text: string): string {
  return [...text.normalize('NFKC')]
    .map((character) => (DECIMAL.test(character) ? valueOf(character) : character))
    .join('');
}

/** Unicode keeps the ten digits of a script together, from zero up. */
function valueOf(digit: string): string {
  const codePoint = digit.codePointAt(0)!;
  let zero = codePoint;
  while (codePoint - zero < 9 && DECIMAL.test(String.fromCodePoint(zero - 1))) zero--;
  return String(codePoint - zero);
}
