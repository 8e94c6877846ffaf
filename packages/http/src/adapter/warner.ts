import { notify, type AdapterGovernor } from '@flyball/core/adapter';

/** `detail`: what was wrong this time, never a value of the request. `route`: where; each is told of once. */
export type Warn<Code extends string> = (
  code: Code,
  about?: { readonly detail?: string; readonly route?: string | undefined },
) => void;

/** Most routes that are told of for one code: where routes are paths, callers choose them. */
const MAX_ROUTES = 100;

/**
 * Reports each code of `texts` once per route, to `report` or as a warning of the process. What a listener throws
 * changes nothing.
 *
 * @example
 * const warn = createWarner({ FLYBALL_NO_SUBJECT: 'no `subject` was given' }, onWarning, governor);
 * warn('FLYBALL_NO_SUBJECT');
 */
export function createWarner<Code extends string>(
  texts: { readonly [code in Code]: string },
  report: ((warning: { readonly code: Code; readonly message: string }) => void) | undefined,
  governor: AdapterGovernor,
): Warn<Code> {
  const told = new Map<Code, Set<string>>();
  return (code, { detail, route } = {}) => {
    const routes = told.get(code) ?? new Set<string>();
    told.set(code, routes);
    if (routes.has(route ?? '') || routes.size >= MAX_ROUTES) return;
    routes.add(route ?? '');
    const details = [...(detail === undefined ? [] : [detail]), ...(route === undefined ? [] : [`route \`${route}\``])];
    const message = details.length === 0 ? texts[code] : `${texts[code]} (${details.join(', ')})`;
    if (report === undefined) return process.emitWarning(message, { type: 'FlyballWarning', code });
    notify([report], [{ code, message }], (error) =>
      governor.noteFailure({ part: 'listener', id: 'onWarning', code: 'THREW' }, error),
    );
  };
}
