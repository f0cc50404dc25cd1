// Runs one bundled function as Lambda does: loaded once, then event after event. A thread or a process of its own, so
// that each function has its own environment, credentials and memory.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const bundle = workerData?.bundle ?? process.argv[2];
const post = (message) => (parentPort ? parentPort.postMessage(message) : process.send(message));
const listen = (take) => (parentPort ?? process).on('message', take);

/** Most memory of this program alone, MB: what the system's own count has begins with that of the parent process. */
function peakMemory() {
  try {
    return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}

// Whoever started it has ended: so does this.
process.once('disconnect', () => process.exit());

let now = 0;
let handle;

listen(async ({ id, event, at, memory }) => {
  try {
    if (memory) return post({ id, value: peakMemory() });
    now = at;
    // The first event loads the code: a cold start.
    handle ??= createRequire(import.meta.url)(bundle).handlerWith(() => new Date(now));
    post({ id, value: await handle(event) });
  } catch (error) {
    post({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
