import type { Form } from '../recogniser.ts';
import { carries } from './carries.ts';
import { ADDRESS, placeOf, type Place } from './place.ts';
import { hostIn, targetOf } from './url.ts';

/**
 * Renderers of pictures for everybody. Whoever smuggles data into their addresses cannot read it there: their logs are
 * their own. Where that is not enough, `except` does not help but a rule does.
 */
const PUBLIC_RENDERERS =
  /(?:^|\.)(?:shields\.io|badge\.fury\.io|badgen\.net|githubusercontent\.com|gravatar\.com|wikimedia\.org|wikipedia\.org|codecogs\.com|mermaid\.ink|plantuml\.com|placehold\.co|placeholder\.com|dummyimage\.com|picsum\.photos|unsplash\.com|ytimg\.com|googleapis\.com|gstatic\.com|quickchart\.io|github\.com|gitlab\.com|travis-ci\.(?:org|com)|codecov\.io|coveralls\.io|circleci\.com|appveyor\.com|pollinations\.ai)$/;

/** Addresses at these places that carry data with at least this score. */
export function leadsOut(
  places: { readonly [P in Place]?: number },
  score: number,
  least?: (score: number) => boolean,
): Form {
  return {
    find: ADDRESS,
    score,
    host: hostIn,
    accepts(match, before) {
      const needed = places[placeOf(before)];
      if (needed === undefined) return false;
      const target = targetOf(match);
      if (target === undefined || PUBLIC_RENDERERS.test(target.host)) return false;
      const carried = carries(target);
      return carried >= needed && (least === undefined || least(carried));
    },
  };
}
