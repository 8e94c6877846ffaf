// Loaded before tests that were written for mocha: its names, callbacks that say when a test is done, and what mocha
// puts on `this`.
import { afterAll, beforeAll } from 'vitest';

type Body = (this: unknown, ...args: never[]) => unknown;
type Declare = (...args: unknown[]) => unknown;

/** Ignored: what hangs fails by the time limit of the run, and a difference that comes once is told as such. */
const settings = { timeout: () => settings, retries: () => settings, slow: () => settings };

const asPromise = (body: Body) => async (): Promise<void> => {
  if (body.length === 0) return void (await Reflect.apply(body, settings, []));
  await new Promise<void>((done, failed) => {
    const told = (error?: unknown): void => {
      if (error === undefined || error === null) done();
      else failed(error instanceof Error ? error : new Error('the test said that it failed', { cause: error }));
    };
    Reflect.apply(body, settings, [told] as never[]);
  });
};

const withBodies =
  (declare: Declare): Declare =>
  (...args) => {
    declare(...args.map((one) => (typeof one === 'function' ? asPromise(one as Body) : one)));
    return settings;
  };

/** Hooks may have a title there. */
const withoutTitle =
  (declare: Declare): Declare =>
  (...args) =>
    withBodies(declare)(...args.filter((one) => typeof one === 'function'));

const names = globalThis as unknown as Record<string, Declare & Record<string, Declare>>;
for (const name of ['beforeEach', 'afterEach']) names[name] = withoutTitle(names[name]!) as never;
for (const name of ['it', 'test']) {
  const declare = names[name]!;
  names[name] = Object.assign(withBodies(declare), {
    ...(declare['skip'] !== undefined && { skip: withBodies(declare['skip']) }),
  }) as never;
}
Object.assign(globalThis, { before: withoutTitle(beforeAll as Declare), after: withoutTitle(afterAll as Declare) });
const { describe } = names;
const group =
  (declare: Declare): Declare =>
  (title, body) => {
    declare(title, () => void Reflect.apply(body as Body, settings, []));
    return settings;
  };
names['describe'] = Object.assign(group(describe!), { skip: group(describe!['skip']!) }) as never;
