import type * as fs from 'node:fs';
import type * as modules from 'node:module';
import type * as paths from 'node:path';
import type * as urls from 'node:url';

interface BuiltIn {
  readonly 'node:fs': typeof fs;
  readonly 'node:path': typeof paths;
  readonly 'node:module': typeof modules;
  readonly 'node:url': typeof urls;
}

/**
 * A module of the platform, where it has it. Asked of the process and not imported: bundlers for edge runtimes follow
 * every import, also one that is made when it is reached.
 */
export function builtIn<K extends keyof BuiltIn>(name: K): BuiltIn[K] | undefined {
  const { process: platform } = globalThis as {
    readonly process?: { readonly getBuiltinModule?: (id: string) => unknown };
  };
  return platform?.getBuiltinModule?.(name) as BuiltIn[K] | undefined;
}

/** The platform's files. Throws where there are none. */
export function fileSystem(): BuiltIn['node:fs'] {
  const files = builtIn('node:fs');
  if (files === undefined) throw new Error('this runtime has no files: give the policy as an object or as `{ yaml }`');
  return files;
}
