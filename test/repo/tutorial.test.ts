import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { playPage, stepsOf } from './page-player.ts';
import { read, ROOT } from './tree.ts';

// The commands and files of the tutorial, against the sources. `npm run packed-install` does the same with packed
// packages.
function folder(): string {
  const home = join(ROOT, 'test/.snippets');
  mkdirSync(home, { recursive: true });
  const made = mkdtempSync(join(home, 'tutorial-'));
  writeFileSync(join(made, 'package.json'), '{ "private": true, "type": "module" }\n');
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const env = { ...process.env, NODE_OPTIONS: '--conditions=@flyball/source --disable-warning=ExperimentalWarning' };
/** Nothing is installed here: the packages are those of the workspace. Neither is the command line. */
const skip = (command: string): boolean => /^np[mx] /.test(command);

describe('the tutorial', () => {
  it('does what it says, from a chat that leaks to one that does not', { timeout: 120_000 }, async () => {
    const steps = stepsOf(read('docs/tutorial/protect-my-chat.md'));
    expect(steps.filter(({ kind }) => kind === 'run').length).toBeGreaterThan(6);
    await playPage(steps, { folder: folder(), env, skip });
  });
});

describe('a page that says something else', () => {
  it.each([
    ['```sh try\necho one\n```\n```text output\ntwo\n```\n', 'the page says\ntwo'],
    ['```sh try\nfalse\n```\n', 'Command failed'],
    [
      '```js save=a.mjs\nconsole.log(1);\n```\n```sh try=server\nnode a.mjs\n```\n```text output\n2\n```\n',
      'does not print',
    ],
  ])('is found: %j', async (page, problem) => {
    await expect(playPage(stepsOf(page), { folder: folder() })).rejects.toThrow(problem);
  });

  it('is not one that leaves something open', async () => {
    await playPage(stepsOf('```sh try\necho id_42 end\n```\n```text output\nid_… end\n```\n'), { folder: folder() });
  });
});
