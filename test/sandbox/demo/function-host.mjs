// Runs one bundled function as Lambda does: loaded once, then event after event. A thread or a process of its own, so
// that each function has its own environment, credentials and memory.
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const bundle = workerData?.bundle ?? process.argv[2];
const post = (message) => (parentPort ? parentPort.postMessage(message) : process.send(message));
const listen = (take) => (parentPort ?? process).on('message', take);

let now = 0;
let handle;

listen(async ({ id, event, at, memory }) => {
  try {
    if (memory) return post({ id, value: process.resourceUsage().maxRSS / 1024 });
    now = at;
    // The first event loads the code: a cold start.
    handle ??= createRequire(import.meta.url)(bundle).handlerWith(() => new Date(now));
    post({ id, value: await handle(event) });
  } catch (error) {
    post({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
