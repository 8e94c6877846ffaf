// The application as its users have it: built, served, and driven in a browser. It runs where Chromium is (`CHROMIUM`,
// or the usual places).
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const HOME = dirname(import.meta.dirname);
const NEXT = join(dirname(createRequire(import.meta.url).resolve('next/package.json')), 'dist/bin/next');
const CHROMIUM = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
/** A build takes its time where others use the cores too. */
const BUILD_MS = 600_000;

const KEY = 'AKIAIOSFODNN7EXAMPLQ';
const REFUSAL = 'This was stopped by policy.';

function next(...args: readonly string[]): ChildProcess {
  // `NODE_ENV` of a test is none that Next.js builds for.
  const { NODE_ENV: _, NODE_OPTIONS: __, ...env } = process.env;
  return spawn(process.execPath, [NEXT, ...args], {
    cwd: HOME,
    env: { ...env, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function built(): Promise<void> {
  const build = next('build');
  build.stdout?.resume();
  const [code] = (await once(build, 'exit')) as [number];
  if (code !== 0) throw new Error(`the build failed with ${code}`);
}

/** Serves on a free loopback port; answers with the address. */
async function serving(): Promise<{ readonly server: ChildProcess; readonly address: string }> {
  const server = next('start', '--hostname', '127.0.0.1', '--port', '0');
  for await (const line of createInterface({ input: server.stdout! })) {
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (address !== undefined) return { server, address };
  }
  throw new Error('the server did not say where it listens');
}

// reason: a browser is nothing that the registry installs
describe.skipIf(CHROMIUM === undefined)('the chat, in a browser', () => {
  let server: ChildProcess;
  let address: string;
  let browser: Browser;

  beforeAll(async () => {
    await built();
    ({ server, address } = await serving());
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox'] });
  }, BUILD_MS);

  afterAll(async () => {
    await browser?.close();
    server?.kill();
  });

  describe.each(['node', 'edge'])('on %s', (runtime) => {
    /** A page of a user of their own, and everything it was sent. */
    async function opened(): Promise<{ readonly page: Page; readonly sent: () => string }> {
      const context = await browser.newContext();
      await context.addCookies([{ name: 'user', value: `${runtime}${Math.random()}`.replace('.', ''), url: address }]);
      const page = await context.newPage();
      let sent = '';
      page.on('response', async (response) => {
        if (response.url().includes('/api/')) sent += await response.text().catch(() => '');
      });
      await page.goto(`${address}/?runtime=${runtime}`);
      return { page, sent: () => sent };
    }

    /** Says it, and answers with the last message when it is complete. */
    async function say(page: Page, words: string): Promise<string> {
      const before = await page.locator('li[data-role=assistant]').count();
      await page.getByLabel('Message').fill(words);
      await page.getByRole('button', { name: 'Send' }).click();
      const answer = page.locator('li[data-role=assistant]').nth(before);
      await answer.waitFor();
      await page.waitForFunction(
        () => document.querySelector('button')?.disabled === false || document.querySelector('output') !== null,
      );
      return answer.innerText();
    }

    it('a mask is text like any other, and the page was never sent what it hides', async () => {
      const { page, sent } = await opened();
      expect(await say(page, 'Who bought it?')).toBe('It was bought by [EMAIL].');
      expect(sent()).not.toContain('ada@example.org');
    });

    it('a stopped answer ends with the refusal, set apart, and the conversation goes on', async () => {
      const { page, sent } = await opened();
      expect(await say(page, 'Tell me the key')).toBe(`Our key is ${REFUSAL}`);
      expect(await page.locator('em').getAttribute('data-outcome')).toBe('BLOCK');
      expect(await page.locator('em').getAttribute('title')).toMatch(/^aud_/);
      expect(sent()).not.toContain('AKIA');
      expect(await page.locator('main [role=alert]').count()).toBe(0);
      expect(await say(page, 'Hello')).toBe('Hello. What may I do for you?');
    });

    it('who has to wait is told for how long, and cannot send until then', async () => {
      const { page } = await opened();
      expect(await say(page, `My key is ${KEY}`)).toBe(REFUSAL);
      expect(await say(page, `I said ${KEY}`)).toBe(REFUSAL);
      await say(page, 'Hello');
      expect(await page.locator('em').last().getAttribute('data-outcome')).toBe('COOLDOWN');
      expect(await page.locator('output').innerText()).toMatch(/^You may go on in \d{1,2} s\.$/);
      expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    });
  });
});
