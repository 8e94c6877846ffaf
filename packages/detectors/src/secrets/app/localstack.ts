import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** LocalStack auth token. */
export const localstack: Recogniser = {
  type: 'secret.localstack',
  name: 'LocalStack auth token',
  forms: [issued(['ls-'], /ls-[A-Za-z0-9]{8}-[A-Za-z0-9]{4}-[A-Za-z0-9]{4}-[A-Za-z0-9]{4}-[A-Za-z0-9]{12}/)],
  source: 'LocalStack; secret scanning partners of GitHub',
  since: '0.3.0',
  finds: ['LOCALSTACK_AUTH_TOKEN=«ls-{uuid}»'],
  ignores: ['ls-your-key-goes-here-xxxxxxxxxxxx'],
};
