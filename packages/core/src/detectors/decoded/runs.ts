import { decodedText } from '@flyball/detectors';
import { ofRun, type View } from './view.ts';

const BASE64 = /(?<![\w+/=-])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/=-])/g;
/** Lines of one length, as mail breaks base64. */
const BROKEN_BASE64 = /(?<![\w+/=-])(?:[A-Za-z0-9+/]{60,76}\r?\n){1,400}[A-Za-z0-9+/]{0,76}={0,2}/g;
const HEX = /(?<![0-9A-Za-z])(?:(?:0x|\\x)?[\da-f]{2}[\s:,]{0,2}){10,}(?![0-9A-Za-z])/gi;
const BINARY = /(?<![01])(?:[01]{8}[\s,]{0,2}){8,}(?![01])/g;
const TAGS = /[\u{E0020}-\u{E007E}]{6,}/gu;
const SELECTORS = /[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]{6,}/gu;
const ZERO_WIDTH = /[\u200B\u200C\u200D\u2060\u2062\u2063\u2064\uFEFF]{48,}/g;
/** Longer runs are files. */
const LONGEST = 65_536;

/** What encoded runs in a text say, where they become readable text. */
export function decodedRuns(text: string): readonly View[] {
  const views: View[] = [];
  const each = (form: RegExp, read: (run: string) => string | undefined, concealed = false): void => {
    for (const { 0: run, index } of text.matchAll(form)) {
      if (run.length > LONGEST) continue;
      const said = read(run);
      if (said !== undefined) views.push(ofRun(said, index, index + run.trimEnd().length, concealed));
    }
  };
  each(BASE64, decodedText);
  if (text.includes('\n')) each(BROKEN_BASE64, decodedText);
  each(HEX, (run) => decodedText(run.replaceAll(/0x|\\x|[\s:,]/gi, '')));
  each(BINARY, (run) => ofCodes((run.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))));
  if (!/[^\0-\x7F]/.test(text)) return views;
  each(TAGS, (run) => ofCodes([...run].map((tag) => tag.codePointAt(0)! - 0xe0000)), true);
  each(SELECTORS, (run) => ofCodes([...run].map((one) => byteOf(one.codePointAt(0)!))), true);
  each(ZERO_WIDTH, (run) => bitsOf(run), true);
  return views;
}

const byteOf = (selector: number): number => (selector < 0xfe10 ? selector - 0xfe00 : selector - 0xe0100 + 16);

/** Two kinds of characters are the digits; which is which is tried. */
function bitsOf(run: string): string | undefined {
  const kinds = [...new Set(run)];
  for (const one of kinds) {
    const bits = [...run].map((unit) => (unit === one ? '1' : '0')).join('');
    const said = ofCodes((bits.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
    if (said !== undefined) return said;
  }
  return undefined;
}

/** `undefined` for what is no readable text. */
function ofCodes(codes: readonly number[]): string | undefined {
  const text = String.fromCharCode(...codes.slice(0, LONGEST / 8));
  return /^[\t\n\r\x20-\x7E]{6,}$/.test(text) && /[a-z]{2}/i.test(text) ? text : undefined;
}
