// A snapshot serializer: the provider is asked with a signal of ours, where a caller who gave none has `undefined` in
// the snapshots of the SDK's tests. With it a snapshot fails for what else differs.
const serializer = {
  test: (value: unknown): boolean => value instanceof AbortSignal,
  serialize: (): string => 'undefined',
};

// oxlint-disable-next-line import/no-default-export -- what Vitest asks of a serializer
export default serializer;
