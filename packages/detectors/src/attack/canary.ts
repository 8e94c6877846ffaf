/**
 * Canaries: tokens that stand in a system prompt and nowhere else. They know themselves: the last four signs follow
 * from the others, so that any process recognises one that any other made, without a list. Base32 in lower case, which
 * no tokeniser or mark-up alters.
 */
const SIGNS = 'abcdefghijklmnopqrstuvwxyz234567';
export const CANARY_HEAD = 'fbc';
const BODY = 16;

/** The canary of 16 random bytes: `fbc-` and 20 signs, 80 bits of them random. */
export function canaryOf(random: Uint8Array): string {
  const body = Array.from(random.subarray(0, BODY), (byte) => SIGNS[byte & 31]).join('');
  return `${CANARY_HEAD}-${body}${checkOf(body)}`;
}

/** Whether a text is a canary, however its signs are parted and in whichever case. */
export function isCanary(text: string): boolean {
  const signs = text.toLowerCase().replaceAll(/[^a-z2-7]/g, '');
  const body = signs.slice(CANARY_HEAD.length, CANARY_HEAD.length + BODY);
  return (
    signs.length === CANARY_HEAD.length + BODY + 4 && signs.startsWith(CANARY_HEAD) && signs.endsWith(checkOf(body))
  );
}

/** FNV-1a, of which 20 bits are kept. */
function checkOf(body: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < body.length; i++) hash = Math.imul(hash ^ body.charCodeAt(i), 0x01000193);
  return [0, 5, 10, 15].map((shift) => SIGNS[(hash >>> shift) & 31]).join('');
}
