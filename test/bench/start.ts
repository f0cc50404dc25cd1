/*
 * What starting a function costs in the program that Lambda runs it with: the runtime interface client on Lambda's Node,
 * with Lambda's flags. Processor time until it asks for the first event, in fresh processes, beside an empty handler.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';

const RUNTIME = resolve(__dirname, 'runtime');
const CLIENT = join(RUNTIME, 'node_modules/aws-lambda-ric/index.mjs');
const NODE = join(RUNTIME, 'node_modules/node/bin/node');
/** As in a function of 256 MB. */
const FLAGS = ['--expose-gc', '--max-http-header-size=81920', '--max-semi-space-size=12', '--max-old-space-size=231'];

/** Its own, since the client is built on the machine: a C++ compiler, make, CMake, and about five minutes, once. */
export function installRuntime(): void {
  const built = existsSync(join(RUNTIME, 'node_modules/aws-lambda-ric/rapid-client.node')) && existsSync(NODE);
  if (!built) execFileSync('npm', ['ci'], { cwd: RUNTIME, stdio: ['ignore', 2, 2] });
  if (!existsSync(NODE) || !existsSync(CLIENT))
    throw new Error(`${RUNTIME} has no Node or no runtime interface client`);
  if (!existsSync('/proc/self/schedstat')) throw new Error('processor time is read from /proc: run this on Linux');
}

/** A handler that does nothing. */
export function emptyFunction(): string {
  const folder = resolve('dist/bench/empty');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), 'exports.handler = async () => ({});\n');
  return folder;
}

/** Milliseconds of processor time until each function asks for its first event: a row a round, one after the other. */
export async function starts(folders: readonly string[], rounds: number): Promise<number[][]> {
  let asked: () => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  const server = createServer((request, response) => {
    // It waits for an event that never comes.
    if (request.url?.endsWith('/runtime/invocation/next')) return asked();
    const body: Buffer[] = [];
    request.on('data', (part: Buffer) => body.push(part));
    request.on('end', () => {
      response.writeHead(202).end('{}');
      failed(new Error(`the function did not start: ${Buffer.concat(body).toString().slice(0, 500)}`));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const api = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const one = async (folder: string): Promise<number> => {
    let child: ChildProcess | undefined;
    try {
      return await new Promise<number>((done, reject) => {
        child = spawn(NODE, [...FLAGS, CLIENT, 'index.handler'], {
          cwd: folder,
          // NODE_EXTRA_CA_CERTS adds up to 50 ms to every start and flatters ratios.
          env: { ...LAMBDA, PATH: process.env['PATH'] ?? '', AWS_LAMBDA_RUNTIME_API: api, LAMBDA_TASK_ROOT: folder },
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        const { pid = 0 } = child;
        asked = () => done(processorTime(pid));
        failed = reject;
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`the function ended with ${code}`)));
      });
    } finally {
      child?.removeAllListeners('exit');
      const ended = new Promise((gone) => child?.once('exit', gone));
      if (child?.kill('SIGKILL')) await ended;
    }
  };
  try {
    const rows: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      const row: number[] = [];
      for (const folder of folders) row.push(await one(folder));
      rows.push(row);
    }
    return rows;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** Of all its threads that still live, in milliseconds: the kernel counts nanoseconds. */
function processorTime(pid: number): number {
  const times = readdirSync(`/proc/${pid}/task`).map((thread) => threadTime(`/proc/${pid}/task/${thread}/schedstat`));
  return times.reduce((sum, time) => sum + time, 0) / 1e6;
}

/** A thread may end between its listing and the reading of its time: it counts no more than those that ended before. */
function threadTime(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8').split(' ')[0]);
  } catch (error) {
    // ESRCH: it ended after the file was opened.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0;
    throw error;
  }
}

const LAMBDA = {
  _HANDLER: 'index.handler',
  AWS_REGION: 'eu-west-1',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/bench',
  AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
};
