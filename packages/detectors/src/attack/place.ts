/**
 * An address as it stands in text: up to what cannot be part of one. All recognisers of addresses share it, so that it
 * is looked for once.
 */
export const ADDRESS: RegExp =
  /(?<![\w:/\\])(?:(?:https?|wss?|ftp):[\\/]{1,3}|[\\/]{2})[^\s<>"'`)]{4,1500}(?![^\s<>"'`)])/i;

/** What becomes of an address, by what stands before it. */
export type Place = 'image' | 'loaded' | 'form' | 'reference' | 'link' | 'code' | 'text';

const PLACES: readonly (readonly [Place, RegExp])[] = [
  ['image', /!\[[^\]]*\]\(\s*<?$/],
  ['form', /(?:<form\b[^<>]*\saction|\bformaction|\sping)\s*=\s*["']?$/i],
  [
    'loaded',
    /<(?:img|image|iframe|embed|object|video|audio|source|track|link|script|input|body|table|td|svg|use|frame|base|bgsound)\b[^<>]*=\s*["']?(?:[^"'<>]*,\s*)?$/i,
  ],
  [
    'loaded',
    /(?:\b(?:src|srcset|poster|background|xlink:href|data)\s*=\s*["']?|\burl\(\s*["']?|@import\s+["']?|content\s*=\s*["']\d+;\s*url=["']?)$/i,
  ],
  [
    'code',
    /(?:\b(?:fetch|sendBeacon|axios(?:\.\w+)?|request|urlopen|(?:requests|http|https|client|session|got|ky|superagent)\.\w+|WebSocket|EventSource|importScripts|open|navigate|goto)\s*\(\s*(?:["']\w+["'],\s*)?|location(?:\.href)?\s*=\s*|\.src\s*=\s*)[rfbu]?["'`]$/i,
  ],
  ['code', /\b(?:curl|wget|iwr|Invoke-WebRequest|Invoke-RestMethod|http|httpie|nc|ncat)\b[^\n]*$/i],
  ['reference', /(?:^|\n)[ \t>]{0,6}\[[^\]\n]+\]:\s{0,4}<?$/],
  ['link', /\]\(\s*<?$|\bhref\s*=\s*["']?$/i],
];

/** Where an address stands. `before` is the text in front of it, at most 60 units. */
export function placeOf(before: string): Place {
  for (const [place, form] of PLACES) if (form.test(before)) return place;
  return 'text';
}
