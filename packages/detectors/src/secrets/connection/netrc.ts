import { isChosenPlaceholder } from '../../check/placeholder.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Passwords of `.netrc`: `machine host login name password ...`. */
export const netrc: Recogniser = {
  type: 'secret.netrc',
  name: 'Password of a .netrc file',
  exceptable: false,
  forms: [
    {
      find: /(?<![A-Za-z0-9])login[ \t]{1,4}[^\s"'<>]{1,40}\s{1,4}password[ \t]{1,4}[^\s"'<>]{4,100}(?![^\s"'])/,
      score: 0.9,
      validate: (match) => !isChosenPlaceholder(match.slice(match.search(/\S+$/))),
      // What is read in a sentence is no file.
      accepts: (_, before) => /\b(?:machine\s+\S+|default)\s+$/.test(before),
    },
  ],
  source: 'the manuals of ftp and curl',
  since: '0.3.0',
  finds: ['machine git.acme.example «login ann password kR4velling»'],
  ignores: ['the login and password are sent by letter', 'machine git.acme.example login ann password <password>'],
};
