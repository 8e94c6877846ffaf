import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { BINARY } from '../../packages/redis/test/servers.ts';
import { OwnRedis } from './redis.ts';

const LIBRARY = `#!lua name=left
redis.register_function('left', function() return 1 end)`;

test.skipIf(BINARY === undefined)(
  'what a mutant leaves in its Redis is gone before the next, and a script that loops is found out',
  { timeout: 60_000 },
  async () => {
    const redis = await OwnRedis.start();
    const client = new Redis(redis.url);
    client.on('error', () => undefined);
    onTestFinished(() => {
      client.disconnect();
      redis.stop();
    });
    await client.set('left', 'behind');
    await client.call('FUNCTION', 'LOAD', LIBRARY);
    expect(await redis.clear()).toBe(true);
    expect([await client.dbsize(), await client.call('FUNCTION', 'LIST')]).toEqual([0, []]);

    client.eval('while true do end', 0).catch(() => undefined);
    expect(await redis.clear(200)).toBe(false);
  },
);
