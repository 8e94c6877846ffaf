import { Transport, type MicroserviceOptions } from '@nestjs/microservices';

import { holdsForMicroservice } from './microservice-cases.ts';
import { addressOf, answers, freePort } from './services.ts';

const tcp = async (): Promise<MicroserviceOptions> => ({
  transport: Transport.TCP,
  options: { host: '127.0.0.1', port: await freePort() },
});
const redis = addressOf('REDIS_URL', 6379);

holdsForMicroservice('standalone, TCP', 'standalone', tcp, true);
// Without `inheritAppConfig` Nest gives global enhancers to HTTP handlers only.
holdsForMicroservice('in a hybrid application, TCP', 'hybrid', tcp, true);
holdsForMicroservice(
  'standalone, Redis (skipped when none answers)',
  'standalone',
  async () => ({ transport: Transport.REDIS, options: redis }),
  await answers(redis),
);
