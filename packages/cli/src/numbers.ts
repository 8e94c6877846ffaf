import { InvalidArgumentError } from 'commander';

/** Numbers as people write them: no blanks, signs, powers or other bases, of which some would be read otherwise. */
function digits(text: string): number {
  return /^\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN;
}

export function whole(text: string): number {
  const value = digits(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError('give a whole number, 0 or more');
  return value;
}

export function numberAbove(text: string): number {
  const value = digits(text);
  if (!(value > 0)) throw new InvalidArgumentError('give a number above 0');
  return value;
}

export function percent(text: string): number {
  const value = digits(text);
  if (!(value <= 100)) throw new InvalidArgumentError('give a number from 0 to 100');
  return value;
}
