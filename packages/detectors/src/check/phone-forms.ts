/** National telephone numbers as they are printed, in groups that hardly anything else has: three groups as in
 * `082 418 2705` stand in tables too, and wait for a key word. */
const PRINTED: readonly (readonly [where: string, source: string])[] = [
  ['North America', '(?:1[ .-]?)?\\([2-9]\\d{2}\\) ?[2-9]\\d{2}[-. ]\\d{4}'],
  ['North America', '(?:1[ -])?[2-9]\\d{2}-[2-9]\\d{2}-\\d{4}'],
  ['North America', '(?:1[ .])?[2-9]\\d{2}\\.[2-9]\\d{2}\\.\\d{4}'],
  ['North America', '(?:1[ -])?[2-9]\\d{2} [2-9]\\d{2}-\\d{4}'],
  ['an area in parentheses', '\\(0[1-9]\\d{0,3}\\) ?\\d{3,4}[ -]?\\d{3,5}'],
  ['France', '0[1-9](?:[ .]\\d{2}){4}'],
  ['United Kingdom, Egypt', '\\(?0[1-3]\\d\\)? \\d{4} \\d{4}'],
  ['United Kingdom', '\\(?01\\d{2}\\)? \\d{3} \\d{4}'],
  ['United Kingdom', '\\(?0[17]\\d{3}\\)? \\d{6}'],
  ['United Kingdom', '07\\d{3} \\d{3} \\d{3}'],
  ['Australia, Romania, Vietnam', '0[3-9]\\d{2} \\d{3} \\d{3}'],
  ['Germany, Austria', '0[1-9]\\d{1,4}/\\d{5,8}'],
  ['Germany, Austria', '0[1-9]\\d{1,4} / \\d{2,4}(?: ?\\d{2,4}){1,2}'],
  ['Germany', '01[567]\\d[ -]\\d{7,8}'],
  ['Germany', '0[2-9]\\d{1,3}-\\d{6,8}'],
  ['Japan, Korea', '0\\d-\\d{4}-\\d{4}'],
  ['Japan, Korea, Thailand, Indonesia', '0[1-9]\\d{1,2}-\\d{3,4}-\\d{4}'],
  ['Brazil', '\\(?\\d{2}\\) ?9?\\d{4}-\\d{4}'],
  ['Brazil', '[1-9]\\d 9\\d{4}-\\d{4}'],
  ['Spain', '[6-9]\\d{2} \\d{2} \\d{2} \\d{2}'],
  ['Italy', '3[2-9]\\d[ -]\\d{7}'],
  ['India', '[6-9]\\d{4} \\d{5}'],
  ['Turkey', '0 ?\\(?[2-5]\\d{2}\\)? \\d{3}[ -]\\d{2}[ -]\\d{2}'],
  ['Turkey', '[5]\\d{2} \\d{3} \\d{2} \\d{2}'],
  ['Switzerland, Ukraine', '0[2-9]\\d[ -]\\d{3}[ -]\\d{2}[ -]\\d{2}'],
  ['Belgium', '04\\d{2}[ /]\\d{2}[ .]\\d{2}[ .]\\d{2}'],
  ['Russia, Kazakhstan', '8[ -]?\\(?[3-9]\\d{2}\\)?[ -]\\d{3}[ -]\\d{2}[ -]\\d{2}'],
  ['Sweden', '0\\d{1,3}-\\d{2,3} \\d{2} \\d{2,3}'],
  ['Netherlands', '06[ -]\\d{8}'],
  ['Hungary', '06[ -]\\d{1,2}[ -]\\d{3}[ -]\\d{3,4}'],
  ['Nigeria, Philippines', '0[789]\\d{2}[ -]\\d{3}[ -]\\d{4}'],
  ['Philippines, Turkey', '0 \\([59]\\d{2}\\) \\d{3} ?\\d{4}'],
  ['Pakistan', '03\\d{2}-\\d{7}'],
  ['Israel', '05\\d-\\d{7}'],
  ['Malaysia', '01\\d-\\d{3,4} \\d{4}'],
  ['China', '1[3-9]\\d[ -]\\d{4}[ -]\\d{4}'],
];

/** All of them, as one expression. */
export const PRINTED_PHONE: string = PRINTED.map(([, source]) => source).join('|');

/**
 * What follows a number inside a house: `ext. 7`, `x204`, `;ext=7`, `доб. 12`, `DW 417`. Folding reads Cyrillic letters
 * as those they look like.
 */
export const EXTENSION: string =
  '(?:(?:;ext=|,? ?(?:ext|extn|extension|x|#|д[оo][бb6]|DW|Durchwahl|poste|interno|ramal|anexo|内線|转|내선)\\.? ?)\\d{1,7})?';

const EXTENSION_AT_END = new RegExp(`(?:${EXTENSION.slice(3, -2)})$`);

/** The number without its extension. */
export const withoutExtension = (match: string): string => match.replace(EXTENSION_AT_END, '');
