import type { FinalArguments } from '@flyball/agent-kit';

interface Schema {
  readonly parseAsync?: (input: unknown) => Promise<unknown>;
  readonly '~standard'?: { readonly validate?: (input: unknown) => unknown };
}

/** The arguments that a tool will get from what the model wrote: its schema fills in defaults, and may transform. */
export function finalArgumentsOf(tool: object): FinalArguments {
  const { schema } = tool as { readonly schema?: Schema };
  return async (input) => {
    // Arguments that do not fit the schema do not run; they are decided on as written.
    try {
      if (typeof schema?.parseAsync === 'function') return await schema.parseAsync(input);
      const standard = schema?.['~standard'];
      if (typeof standard?.validate !== 'function') return input;
      const validated = (await standard.validate(input)) as { readonly value?: unknown; readonly issues?: unknown };
      return validated.issues === undefined ? validated.value : input;
    } catch {
      return input;
    }
  };
}

/** The tool registered for an interaction is one that this process runs: provider tools are settings without code. */
export function isClientTool(tool: unknown): tool is { readonly name: string } & object {
  const { name, invoke } = Object(tool) as { readonly name?: unknown; readonly invoke?: unknown };
  return typeof name === 'string' && typeof invoke === 'function';
}
