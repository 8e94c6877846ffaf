// What `bin/flyball.js` runs.
import { EXIT, processIo } from './io.ts';
import { run } from './run.ts';

// A pipe that is closed at the other end (`| head`) wants no more, which is no failure.
process.stdout.on('error', (error: { readonly code?: string }) =>
  leave(error.code === 'EPIPE' ? EXIT.yes : EXIT.notRun),
);
process.once('SIGINT', () => leave(EXIT.interrupted));
process.exitCode = await run(process.argv.slice(2), processIo());

function leave(exit: number): void {
  // oxlint-disable-next-line unicorn/no-process-exit -- nothing that still runs is wanted any more
  process.exit(exit);
}
