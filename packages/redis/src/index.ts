// State shared by every process: a store for `createGovernor({ store })` on Redis or Valkey.
export { createRedisStore, type RedisStoreOptions } from './redis-store.ts';
export type { IoredisClient } from './clients/ioredis.ts';
export type { NodeRedisClient } from './clients/node-redis.ts';
export type { RedisClient } from './connection.ts';
export type { RedisErrorCode } from './errors.ts';
