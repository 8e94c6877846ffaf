import type { AdapterGovernor, Decision } from '@flyball/core/adapter';

/** Governors whose failures are told already. */
const warned = new WeakSet<AdapterGovernor>();

/** More kinds of failures than this are not told apart. */
const MAX_KINDS = 64;

/**
 * Tells the developer once for each kind of failure why calls are stopped that no rule stops: users read only that
 * something could not be checked. What failed, with its code, and the cause where one is known.
 */
export function warnOfFailures(governor: AdapterGovernor): void {
  if (warned.has(governor)) return;
  warned.add(governor);
  const told = new Set<string>();
  const causes = new Map<string, unknown>();
  // Not a subscription to all events: for whoever hears those, every decision is made into a record.
  governor.watchFailures({
    // By its part: a subject that cannot be established is another code in the decision than what its resolver did. Of
    // detectors there are several.
    failed: ({ part, id }, cause) => void causes.set(part === 'detector' ? `${part} ${id}` : part, cause),
    closed(decision) {
      for (const failure of decision.errors) {
        const key = keyOf(failure);
        if (told.has(key) || told.size >= MAX_KINDS) continue;
        told.add(key);
        const cause = causes.get(failure.part === 'detector' ? `${failure.part} ${failure.id}` : failure.part);
        // oxlint-disable-next-line no-console -- said once, to whoever runs the process
        console.warn(...[textOf(failure, decision), ...(cause === undefined ? [] : [cause])]);
      }
    },
  });
}

type Failure = Decision['errors'][number];

const keyOf = ({ part, id, code }: Pick<Failure, 'part' | 'id' | 'code'>): string => `${part} ${id} ${code}`;

const textOf = ({ part, id, code }: Failure, { auditId, policyId }: Decision): string =>
  `flyball: calls are stopped because the ${part} \`${id}\` failed (${code}) and \`onError\` of the policy \`${policyId}\` is \`block\`; first seen in audit record \`${auditId}\``;
