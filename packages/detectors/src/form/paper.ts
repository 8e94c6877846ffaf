/**
 * A number on a paper: capitals and digits, in groups or not. Behind a space stand digits, or a letter or two between
 * groups of them, so that it does not run on into the words of a headline. Shared: the scanner looks once for all who
 * ask by the name of the paper.
 */
export const PAPER: RegExp =
  /(?<![A-Za-z0-9])[A-Z0-9](?:[./-]?[A-Z0-9]| \d| [A-Z]{1,2} \d){4,21}(?: [A-Z]{1,2})?(?![A-Za-z0-9])/;
