import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { API_KEY } from '../src/secrets.ts';
import { startChat } from './harness.ts';

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

async function openPage(origin: string) {
  const profile = mkdtempSync(join(tmpdir(), 'flyball-page-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM ?? '',
    headless: true,
    args: QUIET,
  });
  onTestFinished(async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  });
  const page = context.pages()[0] ?? (await context.newPage());
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

describe.skipIf(CHROMIUM === undefined)('the page in Chromium', { timeout: 60_000 }, () => {
  it('shows what was stopped, what was masked, and the decisions beside it', async () => {
    const { origin } = await startChat();
    const { page, faults, foreign } = await openPage(origin);

    await page.getByRole('button', { name: 'API key' }).click();
    await page.locator('.stopped').waitFor();
    await idle(page);
    await page.getByRole('button', { name: 'E-mail address' }).click();
    await page.getByText('[EMAIL]').waitFor();
    await idle(page);
    await page.locator('#feed').getByText('P_SECRET_LEAK').waitFor();

    expect(await page.locator('body').innerText()).not.toContain(API_KEY.slice(0, 8));
    expect(await page.locator('#feed li.BLOCK').first().innerText()).toMatch(
      /BLOCK[^]*P_SECRET_LEAK[^]*µs[^]*output[^]*no-secrets-out/,
    );
    expect(faults).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('counts a cooldown down and lets nothing be sent meanwhile', async () => {
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
    expect(faults).toEqual([]);
  });

  it('halts a running answer and resumes', async () => {
    const { origin } = await startChat({ delayMs: 15 });
    const { page, faults } = await openPage(origin);
    await page.getByRole('button', { name: 'Halt mid-answer' }).click();
    await page.getByText('In 1788 a mill').waitFor();
    await page.getByRole('button', { name: 'Halt', exact: true }).click();
    await page.locator('.stopped').waitFor();
    await page.getByText('acme is halted').waitFor();
    expect(await page.locator('#log').innerText()).not.toContain('take them out');

    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('acme is running').waitFor();
    await idle(page);
    await page.getByRole('button', { name: 'Opening hours' }).click();
    await page.getByText('I am here all night. 🌙').waitFor();
    expect(faults).toEqual([]);
  });

  it('shows markup as text, whoever wrote it', async () => {
    const { origin } = await startChat();
    const { page, faults } = await openPage(origin);
    const markup = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
    await page.getByLabel('Message', { exact: true }).fill(markup);
    await page.keyboard.press('Enter');
    await page.getByText(markup).waitFor();
    await idle(page);
    expect(await page.locator('#log img, #log script').count()).toBe(0);
    expect(await page.title()).toContain('Flyball');
    expect(faults).toEqual([]);
  });

  it('can be worked by keyboard and read by a screen reader', async () => {
    const { origin } = await startChat();
    const { page } = await openPage(origin);
    const unnamed = await page
      .locator('button, textarea, section, [role=log], [role=group], ol, progress')
      .evaluateAll(
        (nodes) => nodes.filter((node) => !(node.textContent?.trim() || node.getAttribute('aria-label'))).length,
      );
    expect(unnamed).toBe(0);
    await page.keyboard.type('What are your hours?');
    await page.keyboard.press('Enter');
    await page.getByText('I am here all night').waitFor();
    await idle(page);
    await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Halt mid-answer');
  });
});
