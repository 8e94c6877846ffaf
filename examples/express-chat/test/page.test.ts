import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page, type ViewportSize } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { API_KEY, CODENAME } from '../src/secrets.ts';
import { warmUp } from '../src/warm-up.ts';
import { POLICY_FILE, startChat } from './harness.ts';

const CHROMIUM = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((file): file is string => file !== undefined && existsSync(file));
if (CHROMIUM === undefined)
  console.warn('no Chromium found (name one in CHROMIUM): the page is not tried in a browser');

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const DESK: ViewportSize = { width: 1440, height: 860 };
const PHONE: ViewportSize = { width: 390, height: 780 };

/** Pictures of the documents: `UPDATE_SCREENSHOTS=1` takes them anew. */
const PICTURES = fileURLToPath(new URL('../../../docs/assets/', import.meta.url));

let browser: Browser;

async function openPage(origin: string, viewport: ViewportSize = DESK) {
  const context = await browser.newContext({ viewport });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    // The browser itself reports refused requests; those are wanted here.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  const foreign: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) foreign.push(request.url());
  });
  await page.goto(origin);
  await page.getByRole('button', { name: 'API key' }).waitFor();
  return { page, faults, foreign };
}

const idle = (page: Page) => page.getByRole('button', { name: 'Send', exact: true }).waitFor();
const attack = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name, exact: true }).click();
  await idle(page);
};

describe.skipIf(CHROMIUM === undefined)('the page in Chromium', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: QUIET });
  });
  afterAll(() => browser.close());

  it('shows the same question without and with a governor: on one side the key, on the other a stop', async () => {
    const { origin } = await startChat();
    const { page, faults, foreign } = await openPage(origin);
    await attack(page, 'API key');
    await attack(page, 'E-mail address');

    const [bare, governed] = [page.locator('#bare-log'), page.locator('#log')];
    expect(await bare.innerText()).toContain(API_KEY);
    expect(await governed.innerText()).not.toContain(API_KEY.slice(0, 8));
    expect(await governed.innerText()).toMatch(/signed with[^]*■[^]*P_SECRET_LEAK[^]*\[EMAIL\]/);
    expect(await bare.locator('mark.leak').count()).toBe(2);
    expect(faults).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('shows what is held while it streams, and never a letter of it', async () => {
    const { origin } = await startChat({ delayMs: () => 60 });
    const { page, faults } = await openPage(origin);
    await page.getByRole('button', { name: 'Codename', exact: true }).click();
    // In one step: the bar is gone as soon as the text is stopped or leaves.
    await page.locator('#log .turn .held', { hasText: /^░+\s*\d+ held$/ }).waitFor();
    expect(await page.locator('#log').innerText()).not.toContain(CODENAME.slice(0, 4));
    await idle(page);
    expect(await page.locator('#log .turn .held').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  it('has one row for a message, its decisions folded in it, and each explained by a click', async () => {
    const { origin } = await startChat();
    const { page, faults } = await openPage(origin);
    await attack(page, 'API key');
    const rows = page.locator('#feed > li');
    expect(await rows.count()).toBe(1);
    expect(await rows.locator('summary').innerText()).toMatch(
      /BLOCK[^]*P_SECRET_LEAK[^]*output[^]*\d+ decisions, [\d,.]+ µs/,
    );
    expect(await rows.locator('.steps').isVisible()).toBe(false);

    await page.locator('#log').getByRole('button', { name: 'why?' }).click();
    await rows.locator('pre').waitFor();
    expect(await rows.locator('pre').innerText()).toMatch(/BLOCK: P_SECRET_LEAK[^]*aud_/);
    expect(faults).toEqual([]);
  });

  it('marks the rule that fired in the policy beside the chat', async () => {
    const { origin } = await startChat();
    const { page } = await openPage(origin);
    await attack(page, 'Refund 9,800');
    await page.locator('#marks .fired').first().waitFor();
    expect(await page.locator('#log').innerText()).toMatch(/refund \(arguments withheld\)\s+was not run/);
    expect((await page.locator('#marks .fired').allInnerTexts()).join('\n')).toMatch(
      /id: refund-cap[^]*reason: P_REFUND_CAP/,
    );
  });

  it('takes a changed policy over from the next message on, and shows what is wrong with a broken one in its place', async () => {
    const { origin, policyFile } = await startChat({ copy: true });
    const { page, faults } = await openPage(origin);
    const field = page.getByLabel('Policy', { exact: true });
    await page.getByText('id: redact-pii').waitFor();
    const before = await field.inputValue();

    await field.fill(before.replace('then: redact', 'then: redacted'));
    await page.locator('#marks .wrong', { hasText: 'redacted' }).waitFor();
    expect(await page.locator('#problems').innerText()).toMatch(/^\d+:\d+ .*`redacted`/);
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    expect(readFileSync(policyFile, 'utf8')).toBe(before);

    await field.fill(before.replace('version: 1', 'version: 2').replace('then: redact', 'then: block'));
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('support-assistant 2').waitFor();
    await attack(page, 'E-mail address');
    expect(await page.locator('#log').innerText()).toMatch(/■[^]*P_PII/);

    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('support-assistant 1').waitFor();
    expect(readFileSync(policyFile, 'utf8')).toBe(before);
    expect(faults).toEqual([]);
  });

  it('counts a cooldown down, lets nothing be sent meanwhile, and locks nobody out', async () => {
    const { origin } = await startChat();
    const { page, faults } = await openPage(origin);
    await page.getByRole('button', { name: 'Probe three times' }).click();
    await page.getByText('You can write again in').waitFor();
    const left = async (): Promise<number> => parseInt(await page.locator('#cooldown-left').innerText(), 10);
    const first = await left();
    expect(first).toBeGreaterThan(50);
    await expect.poll(left, { timeout: 5000 }).toBeLessThan(first);
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
    expect(await page.getByLabel('Message', { exact: true }).isDisabled()).toBe(true);

    await page.getByRole('button', { name: 'Be somebody else' }).click();
    await page.getByText('as a new visitor').waitFor();
    await attack(page, 'Opening hours');
    await page.locator('#log').getByText('I am here all night').waitFor();
    expect(faults).toEqual([]);
  });

  it('tells a halt as a halt, in a running answer and before one, and resumes', async () => {
    const { origin } = await startChat({ delayMs: () => 15 });
    const { page, faults } = await openPage(origin);
    await page.getByRole('button', { name: 'Halt mid-answer' }).click();
    await page.locator('#log').getByText('In 1788 a mill').waitFor();
    await page.getByRole('button', { name: 'Halt', exact: true }).click();
    await page.locator('#log .halt').waitFor();
    await page.getByText('acme is halted').waitFor();
    expect(await page.locator('#log .halt').innerText()).toContain('The operator has halted this assistant');
    expect(await page.locator('#log').innerText()).not.toContain('take them out');
    await idle(page);
    await attack(page, 'Opening hours');
    expect(await page.locator('#log .halt').count()).toBe(2);

    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('acme is running').waitFor();
    await attack(page, 'Opening hours');
    await page.locator('#log').getByText('I am here all night. 🌙').waitFor();
    expect(faults).toEqual([]);
  });

  it('shows markup as text, whoever wrote it', async () => {
    const { origin } = await startChat();
    const { page, faults } = await openPage(origin);
    const markup = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    await page.getByLabel('Message', { exact: true }).fill(markup);
    await page.keyboard.press('Enter');
    await page.locator('#log').getByText(markup).waitFor();
    await idle(page);
    expect(await page.locator('.log img, .log script').count()).toBe(0);
    expect(await page.title()).toContain('Flyball');
    expect(faults).toEqual([]);
  });

  it('can be worked by keyboard and read by a screen reader', async () => {
    const { origin } = await startChat();
    const { page } = await openPage(origin);
    const unnamed = await page
      .locator('button, textarea, section, [role=log], [role=group], [role=tablist], ol#feed, progress')
      .evaluateAll(
        (nodes) => nodes.filter((node) => !(node.textContent?.trim() || node.getAttribute('aria-label'))).length,
      );
    expect(unnamed).toBe(0);
    await page.keyboard.type('What are your hours?');
    await page.keyboard.press('Enter');
    await page.locator('#log').getByText('I am here all night').waitFor();
    await idle(page);
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Harmful answer, trailed');
  });

  it.each([
    ['a desk', DESK],
    ['a phone', PHONE],
  ])('on %s never scrolls as a whole, and has nothing to press that is smaller than 24 px', async (_name, viewport) => {
    const { origin } = await startChat();
    const { page } = await openPage(origin, viewport);
    for (const name of ['API key', 'E-mail address', 'Codename', 'Refund 9,800', 'Opening hours'])
      await attack(page, name);
    await page.locator('#text').focus();
    const scrolled = await page.evaluate(() => {
      window.scrollTo(0, 10_000);
      document.querySelector('#log')?.lastElementChild?.scrollIntoView();
      return [window.scrollY, document.body.scrollTop, document.documentElement.scrollWidth - innerWidth];
    });
    expect(scrolled).toEqual([0, 0, 0]);
    const small = await page.locator('button:visible, summary:visible, textarea:visible').evaluateAll((nodes) =>
      nodes
        .map((node) => ({ text: node.textContent, box: node.getBoundingClientRect() }))
        .filter(({ box }) => box.height < 24 || box.width < 24)
        .map(({ text, box }) => `${text} ${box.width} x ${box.height}`),
    );
    expect(small).toEqual([]);
  });

  it('has the decisions and the policy within reach on a phone', async () => {
    const { origin } = await startChat();
    const { page } = await openPage(origin, PHONE);
    await attack(page, 'API key');
    expect(await page.locator('#feed').isVisible()).toBe(false);
    await page.getByRole('tab', { name: 'Decisions' }).click();
    await page.locator('#feed').getByText('P_SECRET_LEAK').first().waitFor();
    const row = await page.locator('#feed > li').first().boundingBox();
    expect(row?.y).toBeLessThan(PHONE.height);
    await page.getByRole('tab', { name: 'Policy' }).click();
    expect(await page.getByLabel('Policy', { exact: true }).isVisible()).toBe(true);
  });

  it('is what the pictures in the documents show', async () => {
    let delayMs = 0;
    await warmUp(POLICY_FILE);
    const { origin } = await startChat({ delayMs: () => delayMs });
    const { page } = await openPage(origin, { width: 1440, height: 820 });
    for (const name of ['E-mail address', 'Refund 9,800', 'API key']) await attack(page, name);
    // Slow enough to be caught while something is held.
    delayMs = 400;
    await page.getByRole('button', { name: 'Codename', exact: true }).click();
    await page.locator('#log .turn .held', { hasText: '░░░░░░' }).waitFor();
    const folder = process.env['UPDATE_SCREENSHOTS'] === '1' ? PICTURES : mkdtempSync(join(tmpdir(), 'flyball-shots-'));
    if (folder !== PICTURES) onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    await page.screenshot({ path: join(folder, 'demo.png') });
    expect(readFileSync(join(PICTURES, 'demo.png')).subarray(1, 4).toString()).toBe('PNG');
  });
});
