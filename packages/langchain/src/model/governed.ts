/**
 * Under this key a governed model answers with the model that it governs. Registered, so that two copies of this
 * package agree.
 */
export const UNGOVERNED: unique symbol = Symbol.for('flyball.langchain.ungoverned') as never;

/** The model behind a governed one; `undefined` for any other value. */
export function ungoverned(value: unknown): object | undefined {
  return (Object(value) as { readonly [UNGOVERNED]?: object })[UNGOVERNED];
}
