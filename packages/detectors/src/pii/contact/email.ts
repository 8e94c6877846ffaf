import type { Recogniser } from '../../recogniser.ts';

/**
 * Letters of the scripts that part words: Latin with marks, Greek, Cyrillic, Armenian, Arabic, Devanagari, Bengali,
 * Tamil; none of the signs that folding reads as a colon, `!` or `?`.
 */
const LETTERS =
  'À-ÖØ-öø-ǂǄ-ɀɂ-ɏΆΈ-ӿԱ-Ֆա-և\\u0620-\\u064a\\u0900-\\u0902\\u0904-\\u0963\\u0971-\\u097c\\u097e\\u097f\\u0985-\\u09cd\\u0b85-\\u0bcd';
/**
 * Local parts as people use them: RFC 5322 dot-atoms, with letters of any of these scripts (RFC 6531). The look-behind
 * keeps it to one start per word. Of a quoted one with spaces the last word is read.
 */
const LOCAL = `(?<![A-Za-z0-9._%+\\-${LETTERS}])[A-Za-z0-9._%+\\-${LETTERS}](?:[A-Za-z0-9._%+'\\-${LETTERS}]{0,62}[A-Za-z0-9._%+\\-${LETTERS}])?"?`;
const HOST = `[A-Za-z0-9${LETTERS}](?:[A-Za-z0-9.\\-${LETTERS}]{0,158}[A-Za-z0-9${LETTERS}])?\\.(?:[A-Za-z]{2,24}|[${LETTERS}a-z]{2,12}|xn--[a-z0-9-]{2,24})`;

/**
 * Ends of file names: `logo@2x.png` is a picture for dense screens. Those that are top-level domains with addresses
 * stay out.
 */
const FILE_END =
  /\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?|css|scss|less|js|mjs|cjs|ts|tsx|jsx|json|html?|xml|ya?ml|map|woff2?|ttf|otf|service|socket|timer|mount|tgz|gz|whl|jar|lock|md5|dll|exe)$/i;

/** Whoever stands before the `@` of a remote repository. */
const REMOTE_USER = /^(?:git|hg|svn|ssh|gitea|gitlab)@/i;

/** `scheme://user:password@host`: what stands before the `@` is a password, or a user of that host. */
const IN_URL = /[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s/?#"'<>]*$/;

const isAddress = (match: string): boolean => {
  const at = match.indexOf('@');
  const local = match.slice(0, at);
  // Folding reads `б` as 6: what ends in digits is a version.
  if (!/\.(?:xn--[^.]+|[^.\d]+)$/i.test(match)) return false;
  return !FILE_END.test(match) && !REMOTE_USER.test(match) && !/^\.|\.\.|\.$/.test(local);
};

/**
 * E-mail addresses: lengths as in RFC 5321 (64 units before the `@`, 254 in all), a top-level domain of 2 to 24 ASCII
 * letters, of Cyrillic ones, or in Punycode. Folded: `ａｎｎ＠ｘ．ｅｘａｍｐｌｅ` is an address, and so is one with invisible
 * characters inside.
 */
export const email: Recogniser = {
  type: 'pii.email',
  name: 'E-mail address',
  fold: true,
  forms: [
    {
      find: new RegExp(`${LOCAL}@${HOST}(?![A-Za-z])`),
      score: 1,
      accepts: (match, before) => isAddress(match) && !IN_URL.test(before),
    },
  ],
  source: 'RFC 5322 dot-atoms, lengths of RFC 5321',
  since: '0.1.0',
  finds: [
    'write to «ann.lee+news@mail.shop.example» now',
    'write to «ann@shop.example»!',
    '«ann@shop.example»?',
    '«δοκιμή@παράδειγμα.δοκιμή»',
    '«अजय@डाटा.भारत»',
    '"ann «lee"@acme.example»',
    '«ада@почта.рф»',
    '«ada@xn--80a1acny.xn--p1ai»',
    'mailto:«ANN_LEE@X-Y.Example»?subject=hi',
  ],
  ignores: [
    'Use logo@2x.png on dense screens.',
    'git clone git@git.acme.example:team/app.git',
    'postgres://app:pass-word@db.acme.example:5432/shop',
    'react@18.2.0 is a package',
    'kettle@4.14.66:',
    'ann@localhost',
  ],
  limits: 'of a quoted local part with spaces, the last word and the host',
};
