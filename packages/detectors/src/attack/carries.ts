import type { Target } from './url.ts';

/**
 * How surely an address carries data of a conversation away: 0.95 where a part of it is text that was encoded, or has
 * the form of personal data; 0.85 for a template that is yet to be filled in; 0.8 for a value behind a name like
 * `exfil`; 0.6 for any value that is no number, size or name of a format; 0 for nothing of that.
 */
export function carries({ writtenHost, path, query, fragment }: Target): number {
  const scores = query.map(([name, value]) => valueScore(name, value));
  if (query.length === 0 && fragment.length >= 12) scores.push(spilled(fragment));
  for (const part of path.split('/')) scores.push(partScore(part));
  if (labelsCarry(writtenHost)) scores.push(ENCODED);
  return Math.max(0, ...scores);
}

const ENCODED = 0.95;
const TEMPLATE = 0.85;
const NAMED = 0.8;
const VALUE = 0.6;

const HARMLESS_NAME =
  /^(?:w|h|v|width|height|size|sz|fit|crop|auto|format|fm|f|quality|dpr|scale|resize|zoom|version|ver|ext|type|theme|style|color|colour|bg|lang|hl|locale|page|per_page|limit|offset|sort|order|raw|alt|download|inline|rev|ts|t|cb|_|nocache|cache|hash|sig|signature|expires|x-[\w-]+|utm_\w+|ref_?src|ixlib|ixid|ixlibrary|api|appid|feature|list|index|start|end|from|to|date|year|tab|view|mode|logo|label|branch|event|key-pair-id|policy|itok|etag|fields|include|source|src|via|ref|ved|usg|ei|oq|gs_lcp|sxsrf|rlz|aqs|tbm|biw|bih)$/i;
const TELLING_NAME =
  /^(?:(?:user_?|chat_?|conv_?|full_?)?(?:data|info|secrets?|tokens?|passw(?:or)?d|pwd|pass|creds?|credentials?|cookies?|session|history|conversation|prompt|context|memory|dump|loot|leak|leaked|exfil\w*|stolen|steal|payload|msg|message|messages|chat|notes?|summary|content|contents|body|log|logs|keys?|api_?key|ssn|card|cc|email|mail|phone|address|name|balance|account|iban|pii|private|result|results|answer|out|output|b64|base64|enc|encoded|hex|x|q|d|c|m|s|text|txt|collect))$/i;
/** What is asked of a search or of a map, and names of things. */
const MAY_BE_PROSE = /^(?:q|query|search|s|k|keyword|term|text|name|title|x|d|c|m)$/i;

function valueScore(name: string, value: string): number {
  if (value === '') return name.length >= 16 ? spilled(name) : 0;
  if (HARMLESS_NAME.test(name))
    return isTemplate(value) ? TEMPLATE : value.length >= 12 && !/^ixid$/i.test(name) ? spilled(value) : 0;
  const found = spilled(value);
  if (found > 0) return found;
  if (isPlainWord(value)) return 0;
  if (TELLING_NAME.test(name) && value.length >= 4) return MAY_BE_PROSE.test(name) ? VALUE : NAMED;
  return value.length >= 6 ? VALUE : 0;
}

/** A number, a size, a colour, one word, an identifier of hex digits. */
const isPlainWord = (value: string): boolean =>
  /^(?:[\d.,:x%-]+|[a-z]{1,24}|[A-Z]?[a-z]+(?:[-_+ ][A-Za-z]?[a-z]+)?|#?[\da-f]{3,8}|[a-z][a-z\d._-]*\/[a-z][a-z\d._-]*|[\da-f]{32}|[\da-f]{40}|[\da-f]{64}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|true|false)$/i.test(
    value,
  );

/** Data that nobody writes into an address by hand. */
function spilled(value: string): number {
  if (isTemplate(value)) return TEMPLATE;
  return isEncodedText(value) || hasPersonalForm(value) ? ENCODED : 0;
}

const isTemplate = (value: string): boolean =>
  /\{\{?[^{}]{2,60}\}\}?|\$\{[^}]{1,60}\}|\$\([^)]{1,80}\)|\[(?:[A-Z_ ]{4,40}|insert[^\]]*|user[^\]]*|data[^\]]*|the [^\]]*)\]|<[A-Z_]{4,30}>|%7B%7B/i.test(
    value,
  );

const hasPersonalForm = (value: string): boolean =>
  /[\w.+-]{2,}@[\w-]+\.[a-z]{2,}|\b\d{3}-\d{2}-\d{4}\b|\b(?:\d[ -]?){13,19}\b|\b(?:sk|pk|ghp|xox[bp])[-_][A-Za-z0-9_-]{8,}|\bAKIA[A-Z0-9]{12,}/.test(
    value,
  );

/** A part of a path: long, and text that was encoded; the name of a picture is often a hash. */
function partScore(part: string): number {
  if (isTemplate(part)) return TEMPLATE;
  const name = part.replace(/\.(?:png|jpe?g|gif|svg|webp|ico|bmp|js|css|html?|php|txt|json)$/i, '');
  // Addresses of mails stand in those of their archives.
  return name.length >= 12 && !name.includes('@') ? spilled(name) : 0;
}

/** Labels of the host hold 63 characters each: enough to carry a text by names that are only looked up. */
export function labelsCarry(host: string): boolean {
  const labels = host.split('.').slice(0, -2);
  if (labels.some((label) => label.length >= 12 && isEncodedText(label))) return true;
  if (labels.some((label) => /\d{3}-\d{2}-\d{4}|\d{13,16}/.test(label))) return true;
  return labels.length >= 2 && labels.filter((label) => label.length >= 30 && /\d/.test(label)).length >= 2;
}

const LETTERS = /^[\p{L}\p{N}\p{P}\p{Zs}\n\r\t$+<=>^`|~]+$/u;

/** Base64, base64url, base32 or hex of readable text. */
export function isEncodedText(value: string): boolean {
  return decodedText(value) !== undefined;
}

/** What an encoded value says; `undefined` where it does not become readable text. */
export function decodedText(value: string): string | undefined {
  const compact = value.replaceAll(/[\s]/g, '');
  if (/^(?:[\da-f]{2}){6,}$/i.test(compact) && /[a-f]/i.test(compact + 'f')) {
    const text = readable(bytesOfHex(compact));
    if (text !== undefined) return text;
  }
  if (/^[A-Z2-7]{16,}=*$/i.test(compact) && /\d/.test(compact)) {
    const text = readable(bytesOfBase32(compact.toUpperCase()));
    if (text !== undefined) return text;
  }
  if (/^[A-Za-z\d+/_-]{10,}={0,2}$/.test(compact) && (/[A-Z]/.test(compact) || compact.endsWith('=')))
    return readable(bytesOfBase64(compact));
  return undefined;
}

/** Text of letters, digits and signs in which letters prevail: random bytes hardly ever are. */
function readable(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length < 6) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
  if (!LETTERS.test(text)) return undefined;
  const letters = text.replaceAll(/[^\p{L}\p{N} ]/gu, '').length;
  return letters / text.length >= 0.7 ? text : undefined;
}

export function bytesOfHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

export function bytesOfBase64(text: string): Uint8Array | undefined {
  const plain = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  try {
    const binary = atob(plain.length % 4 === 1 ? plain.slice(0, -1) : plain);
    return Uint8Array.from(binary, (unit) => unit.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function bytesOfBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const sign of text.replace(/=+$/, '')) {
    value = (value << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign);
    bits += 5;
    if (bits >= 8) bytes.push((value >> (bits -= 8)) & 0xff);
    value &= 0xfff;
  }
  return Uint8Array.from(bytes);
}
