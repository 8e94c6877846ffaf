import { StoreError } from '@flyball/core/store';
import { expect, it } from 'vitest';
import { gone, toStoreError } from '../src/errors.ts';

/** What a function of the library may not do concerns the operation that needs it, and not the connection. */
const PART = ['REDIS_REFUSED', 'THREW'] as const;

it.each([
  ['Connection is closed.', 'REDIS_GONE', 'UNAVAILABLE'],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'REDIS_GONE', 'UNAVAILABLE'],
  ['None of startup nodes is available', 'REDIS_GONE', 'UNAVAILABLE'],
  ["Cluster isn't ready and enableOfflineQueue options is false", 'REDIS_GONE', 'UNAVAILABLE'],
  ['Too many Cluster redirections. Last error: Error: Connection is closed.', 'REDIS_GONE', 'UNAVAILABLE'],
  [
    'Too many Cluster redirections. Last error: ReplyError: MOVED 12874 127.0.0.1:7001',
    ...(['REDIS_NOT_READY', 'UNAVAILABLE'] as const),
  ],
  ['CLUSTERDOWN Hash slot not served', 'REDIS_NOT_READY', 'UNAVAILABLE'],
  ['LOADING Redis is loading the dataset in memory', 'REDIS_NOT_READY', 'UNAVAILABLE'],
  ["READONLY You can't write against a read only replica.", 'REDIS_READ_ONLY', 'UNAVAILABLE'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'REDIS_OUT_OF_MEMORY', 'UNAVAILABLE'],
  ['NOAUTH Authentication required.', 'REDIS_REFUSED', 'UNAVAILABLE'],
  ["ERR The user executing the script can't run this command or subcommand script: f, on @user_function:1.", ...PART],
  ["ERR The user executing the script can't publish to the channel mentioned in the command script: f", ...PART],
  ["ERR The user executing the script can't access at least one of the keys mentioned in the command", ...PART],
  ['ERR Error running script: WRONGTYPE Operation against a key', 'REDIS_WRONG_TYPE', 'THREW'],
  ['ERR something else', 'REDIS_ERROR', 'THREW'],
])('%s', (message, code, failure) => {
  const cause = new Error(message);
  expect(toStoreError(cause)).toMatchObject({ code, failure, cause });
});

it('what is known already stays as it is, and a connection that is gone says why', () => {
  const known = new StoreError('REDIS_REFUSED', 'no', { failure: 'UNAVAILABLE' });
  expect(toStoreError(known)).toBe(known);
  expect(gone().message).toBe('there is no connection to redis');
  expect(gone(new Error('connect ECONNREFUSED')).message).toContain('ECONNREFUSED');
  expect(gone(new Error('WRONGPASS invalid password'))).toMatchObject({ code: 'REDIS_REFUSED' });
  expect(gone(new Error('READONLY a replica'))).toMatchObject({ code: 'REDIS_READ_ONLY' });
});
