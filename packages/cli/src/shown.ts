/**
 * What a terminal would obey instead of show: control characters, and marks that turn the direction of writing. Names
 * of users and tools come from outside: one could rewrite the line above, or begin a line of its own.
 */
const OBEYED = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
/** The colours that `Io.style` is asked for. */
const COLOURS = /\u001b\[(?:2|22|31|32|33|39)m/;
const OBEYED_OR_COLOUR = new RegExp(`(${COLOURS.source})|${OBEYED.source}`, 'g');

const asText = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** A line as it may be printed: what would act on the terminal is written out, `\u001b`. */
export function shown(line: string): string {
  return line.replace(OBEYED_OR_COLOUR, (unit, colour?: string) => colour ?? asText(unit));
}

/** Lines of a message, each as it may be printed. */
export const shownLines = (text: string): string => text.split('\n').map(shown).join('\n');

/** A value as one line of JSON that acts on no terminal, and reads as the same value. */
export const shownJson = (value: object): string => JSON.stringify(value).replace(OBEYED, asText);
