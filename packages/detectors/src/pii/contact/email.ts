import type { Recogniser } from '../../recogniser.ts';

/** Local parts as people use them: RFC 5322 dot-atoms, Latin letters with diacritics, Greek and Cyrillic ones. The look-behind keeps it to one start per word. */
const LOCAL =
  "(?<![A-Za-z0-9._%+\\-À-ɏͰ-ӿ])[A-Za-z0-9._%+\\-À-ɏͰ-ӿ](?:[A-Za-z0-9._%+'\\-À-ɏͰ-ӿ]{0,62}[A-Za-z0-9._%+\\-À-ɏͰ-ӿ])?";
const HOST =
  '[A-Za-z0-9À-ɏЀ-ӿ](?:[A-Za-z0-9.\\-À-ɏЀ-ӿ]{0,160}[A-Za-z0-9À-ɏЀ-ӿ])?\\.(?:[A-Za-z]{2,24}|[а-яёa-z]{2,12}|xn--[a-z0-9-]{2,24})';

/** Ends of file names: `logo@2x.png` is a picture for dense screens. Those that are top-level domains with addresses stay out. */
const FILE_END =
  /\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?|css|scss|less|js|mjs|cjs|ts|tsx|jsx|json|html?|xml|ya?ml|map|woff2?|ttf|otf|service|socket|timer|mount|tgz|gz|whl|jar|lock|md5|dll|exe)$/i;

/** Whoever stands before the `@` of a remote repository. */
const REMOTE_USER = /^(?:git|hg|svn|ssh|gitea|gitlab)@/i;

/** `scheme://user:password@host`: what stands before the `@` is a password, or a user of that host. */
const IN_URL = /[A-Za-z][A-Za-z0-9+.-]*:\/\/[^\s/?#"'<>]*$/;

const isAddress = (match: string): boolean => {
  const at = match.indexOf('@');
  const local = match.slice(0, at);
  return !FILE_END.test(match) && !REMOTE_USER.test(match) && !/^\.|\.\.|\.$/.test(local);
};

/**
 * E-mail addresses: lengths as in RFC 5321 (64 units before the `@`, 254 in all), a top-level domain of 2 to 24 ASCII letters, of Cyrillic ones, or in Punycode.
 * Folded: `ａｎｎ＠ｘ．ｅｘａｍｐｌｅ` is an address, and so is one with invisible characters inside.
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
    '«ада@почта.рф»',
    '«ada@xn--80a1acny.xn--p1ai»',
    'write to «ann.lee+news@mail.shop.example» now',
    'mailto:«ANN_LEE@X-Y.Example»?subject=hi',
  ],
  ignores: [
    'Use logo@2x.png on dense screens.',
    'git clone git@git.acme.example:team/app.git',
    'postgres://app:pass-word@db.acme.example:5432/shop',
    'react@18.2.0 is a package',
    'ann@localhost',
  ],
  limits: 'no quoted local parts',
};
