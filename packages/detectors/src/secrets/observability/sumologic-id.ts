import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Sumo Logic access id. */
export const sumologicId: Recogniser = {
  type: 'secret.sumologic_id',
  name: 'Sumo Logic access id',
  forms: [{ ...marked('su[A-Za-z0-9]{12}'), score: 0.9, near: ['sumo', 'sumologic'] }],
  source: 'Sumo Logic, access keys; facts also in the default rules of gitleaks (MIT)',
  since: '0.3.0',
  finds: ['sumo_access_id = "«su{base62:12}»"'],
  ignores: ['su{base62:12}', 'sumo wrestlers and supersonic'],
};
