import { writeFile } from 'node:fs/promises';
import { PolicyError, precompilePolicy } from '@flyball/core';
import { EXIT, messageOf, NotRun, type Answer } from '../io.ts';
import { check } from './check.ts';

export interface CompileOptions {
  /** Where the module goes. Default: beside the policy, as `<name>.compiled.js`. */
  readonly out?: string;
}

/**
 * Compiles a policy into a module that runs without the compiler; what is wrong with it is told as `check` tells it.
 */
export async function compile(file: string, { out = defaultOut(file) }: CompileOptions = {}): Promise<Answer> {
  const language = /\.[mc]?ts$/.test(out) ? 'ts' : 'js';
  if (!/\.(?:m?[jt]s)$/.test(out))
    throw new NotRun(`\`${out}\` is no module: name a file that ends in \`.js\`, \`.mjs\`, \`.ts\` or \`.mts\``);
  let text: string;
  try {
    text = await precompilePolicy({ file }, { language });
  } catch (error) {
    if (PolicyError.isInstance(error)) return check([file]);
    throw new NotRun(messageOf(error));
  }
  await writeFile(out, text).catch((error: unknown) => {
    throw new NotRun(`cannot write \`${out}\`: ${messageOf(error)}`);
  });
  const bytes = Buffer.byteLength(text);
  const packs = [...text.matchAll(/from '@flyball\/detectors\/each\/(\w+)'/g)].map(([, pack]) => pack!);
  const needs = ['@flyball/core', ...(packs.length === 0 ? [] : ['@flyball/detectors'])];
  return {
    exit: EXIT.yes,
    lines: [`${file}  compiled  ${out}, ${Math.ceil(bytes / 1024)} KiB; it imports ${needs.join(' and ')}`],
    json: { file, out, bytes, packs },
  };
}

const defaultOut = (file: string): string => `${file.replace(/\.(?:ya?ml|json)$/, '')}.compiled.js`;
