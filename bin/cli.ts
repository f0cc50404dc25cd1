import { run } from './cli/run';

// engines in package.json says which Node this runs on; seven lines about 2027 hide the one that matters.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

let unwritten = false;

run(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr }).then(
  (code) => {
    // Not process.exit: what was written may still be on its way into a pipe.
    process.exitCode = unwritten ? 1 : code;
  },
  (error: unknown) => {
    process.stderr.write(`copy-doctor: ${String(error)}\n`);
    process.exitCode = 1;
  },
);
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  // `copy-doctor … | head` closes the pipe early; that is no fault. Of a full disk every write tells.
  if (code === 'EPIPE' || unwritten) return;
  unwritten = true;
  process.exitCode = 1;
  process.stderr.write(`copy-doctor: the result could not be written to stdout (${message}): write it elsewhere\n`);
});
