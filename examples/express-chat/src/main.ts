// Starts the governed chat, plays the attacks against it once, and stays up (or, with --once, ends and says how it
// went).
import { AuditError } from '@flyball/audit';
import { createGovernor, type PolicyChange, type Sink } from '@flyball/core';
import { decisionFeed, type DecisionFeed } from './decision-feed.ts';
import { judgedPolicies, localJudge } from './judged.ts';
import { leakyModel } from './leaky-model.ts';
import { modelFromEnvironment } from './model.ts';
import { optionsFrom, StartError } from './options.ts';
import { keepLog } from './keep-log.ts';
import { play } from './play.ts';
import { chatApp, listen } from './server.ts';
import { standAt } from './stand.ts';
import { warmUp } from './warm-up.ts';
import { evidence, row, TABLE_HEAD, verdict } from './table.ts';

/** Between deltas: a pace to read along with. The play does not wait. */
const READING_MS = 15;

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const options = optionsFrom(args, env);
  if (options.help !== undefined) return console.log(options.help);
  const feed = decisionFeed();
  const audit = await keepLog(options.logFile);
  const governor = await openGovernor(options.policyFile, feed, audit).catch(async (error: unknown) => {
    await audit.close();
    throw error;
  });

  let delayMs = 0;
  const leaky = leakyModel({ delayMs: () => delayMs });
  const real = await modelFromEnvironment(env);
  const { policyFile } = options;
  const server = await listen(chatApp({ governor, model: real ?? leaky, feed, policyFile }), options.port);
  console.log(`\n  Flyball, a governed chat:  ${server.origin}\n  model: ${(real ?? leaky).modelId}\n`);

  let stopped = true;
  if (options.play) {
    // The attacks count on a model that leaks; a real one may decline by itself, and costs money.
    const stage = real === undefined ? server : await listen(chatApp({ governor, model: leaky, feed, policyFile }), 0);
    await warmUp(policyFile);
    console.log(TABLE_HEAD);
    const scenes = await play(standAt(stage.origin), (scene) => console.log(row(scene)));
    console.log(`\n${verdict(scenes)}\n\n${evidence(scenes, audit.file)}`);
    stopped = scenes.every(({ wrong }) => wrong.length === 0);
    if (stage !== server) await stage.close();
  }
  delayMs = READING_MS;

  const close = async (): Promise<void> => {
    await server.close();
    await governor.close();
  };
  if (options.once) {
    process.exitCode = stopped ? 0 : 1;
    return close();
  }
  console.log(`\n  Open ${server.origin} and try it yourself. Ctrl-C ends it.`);
  console.log(`  Edit the policy there, or in ${policyFile}: the next message is decided by the new version.\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
}

function openGovernor(file: string, feed: DecisionFeed, audit: Sink) {
  return createGovernor({
    audit,
    policy: [{ file, watch: true }, ...judgedPolicies()],
    detectors: [localJudge()],
    onDecision: feed.record,
    onPolicy: (change) => console.log(policyNews(change)),
  });
}

function policyNews({ policyId, change, behaviorVersion, problems = [] }: PolicyChange): string {
  if (change === 'loaded') return `  policy ${policyId} loaded, behaviour ${behaviorVersion}`;
  return [`  policy ${policyId} was changed and refused; the old version keeps running:`, ...problems].join('\n    ');
}

/** What to say about a start that failed: one clear message for what the caller can mend, else everything there is. */
function explained(error: unknown): string {
  const code = (error as { readonly code?: string }).code;
  if (error instanceof StartError) return error.message;
  if (code === 'POLICY_INVALID') return `the policy does not load:\n${(error as Error).message}`;
  if (code === 'POLICY_NOT_LOADED' || error instanceof AuditError) return (error as Error).message;
  if (code === 'EADDRINUSE')
    return `port ${port(error)} is taken: end what uses it, or name another with PORT or --port`;
  if (code === 'EACCES')
    return `port ${port(error)} may not be used by this account: name one above 1023 with PORT or --port`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function port(error: unknown): string {
  return String((error as { readonly port?: number }).port);
}

main(process.argv.slice(2), process.env).catch((error: unknown) => {
  console.error(explained(error));
  process.exit(1);
});
