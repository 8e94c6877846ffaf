import { readFile, writeFile } from 'node:fs/promises';
import { createGovernor, PolicyError, type Governor, type PolicyIssue } from '@flyball/core';
import { json, Router } from 'express';
import { problem } from './problem.ts';

/** Longest wait for the governor to take over what was written. It watches the file. */
const TAKEN_OVER_MS = 3_000;

/** What is wrong with a policy, by line, as the page shows it. Empty: it loads. */
export async function problemsOf(text: string): Promise<readonly Pick<PolicyIssue, 'line' | 'column' | 'message'>[]> {
  try {
    const trial = await createGovernor({ policy: { yaml: text } });
    await trial.close();
    return [];
  } catch (error) {
    if (error instanceof PolicyError)
      return error.issues.map(({ line, column, message }) => ({ line, column, message }));
    return [{ line: 1, column: 1, message: (error as Error).message }];
  }
}

/** The policy beside the chat: read, checked while somebody writes, and saved to the file that the governor watches. */
export function policyDesk(governor: Governor, file: string): Router {
  const desk = Router();
  const original = readFile(file, 'utf8');
  original.catch(() => {});
  const textOf = (body: unknown): string => {
    const { text } = (body ?? {}) as { readonly text?: unknown };
    return typeof text === 'string' ? text : '';
  };

  desk.get('/', async (_req, res) => {
    res.json({ file, text: await readFile(file, 'utf8'), original: await original });
  });

  desk.post('/check', json(), async (req, res) => {
    res.json({ problems: await problemsOf(textOf(req.body)) });
  });

  desk.post('/', json(), async (req, res) => {
    const text = textOf(req.body);
    const problems = await problemsOf(text);
    // The governor would refuse it too, and keep the old one: told here, it stands beside the line.
    if (problems.length > 0) return void res.status(422).json({ problems });
    const taken = takenOver(governor);
    try {
      await writeFile(file, text);
    } catch (error) {
      return problem(
        res,
        409,
        'Not saved',
        `the file cannot be written (${(error as NodeJS.ErrnoException).code}); start with --policy and a copy`,
      );
    }
    await taken;
    res.json({ problems: [] });
  });
  return desk;
}

/** Resolves when the governor has loaded a policy, or refused one, or has had its time. */
function takenOver(governor: Governor): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, TAKEN_OVER_MS);
    const stop = governor.events.subscribe(({ kind }) => void (kind === 'policy' && done()));
  });
}
