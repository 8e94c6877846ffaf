/** Your model: a prompt goes in, an answer comes out piece by piece. */
export type Ask = (prompt: string) => AsyncIterable<string>;

/** Your own session or token check: who sends this request. */
export const subjectOf = (headers: { readonly [name: string]: unknown }): { tenant: string; user: string } => ({
  tenant: 'acme',
  user: typeof headers['x-user'] === 'string' ? headers['x-user'] : 'anonymous',
});
