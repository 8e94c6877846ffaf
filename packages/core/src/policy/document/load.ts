import type { PolicyDocument } from './document.ts';

/**
 * Reads and checks a policy: YAML or JSON text, or an object. Throws a `PolicyError` that lists every problem with its
 * line and column (for an object: its path). `file` is how the text is called there. What depends on detectors and
 * conditions is checked by `compilePolicy`, with the same places.
 */
export async function loadPolicy(
  source: string | PolicyDocument,
  options: { readonly file?: string } = {},
): Promise<PolicyDocument> {
  const { readPolicy } = await import('./read.ts');
  return readPolicy(source, options);
}
