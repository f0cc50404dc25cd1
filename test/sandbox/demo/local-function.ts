import { fork, type ChildProcess } from 'node:child_process';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const HOST = join(__dirname, 'function-host.mjs');

/**
 * The heap that Lambda gives Node in a function of 256 MB; without the limits Node sizes its heap by the machine.
 */
const HEAP_OF_256_MB = ['--max-semi-space-size=12', '--max-old-space-size=231', '--expose-gc'];

export interface LocalFunctionOptions {
  /** Path of the bundle, as it would be deployed. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  now(): Date;
  /** A process of its own, so that its memory is its own; else a thread. */
  readonly process?: boolean;
  /** Whether the function's process died while it ran; it is started anew then, as Lambda does. */
  crashed?(): boolean;
  reborn?(): void;
}

interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A function from its bundle, with the environment and the credentials that its deployment gives it. */
export class LocalFunction {
  #host: Worker | ChildProcess | undefined;
  #next = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(private readonly options: LocalFunctionOptions) {}

  async invoke(event: unknown): Promise<unknown> {
    const { now, crashed, reborn } = this.options;
    try {
      return await this.#ask({ event, at: now().getTime() });
    } finally {
      if (crashed?.()) {
        await this.restart();
        reborn?.();
      }
    }
  }

  /** The most memory that the process ever had, MB (maximum resident set size). */
  async peakMemoryMB(): Promise<number> {
    return this.#host === undefined ? 0 : ((await this.#ask({ memory: true })) as number);
  }

  /** The next event meets a cold start. */
  async restart(): Promise<void> {
    const host = this.#host;
    this.#host = undefined;
    for (const { reject } of this.#waiting.values()) reject(new Error('the function was stopped'));
    this.#waiting.clear();
    if (host instanceof Worker) await host.terminate();
    else host?.kill('SIGKILL');
  }

  #ask(message: object): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const host = (this.#host ??= this.#start());
      const whole = { id, ...message };
      if (host instanceof Worker) host.postMessage(whole);
      else host.send(whole);
    });
  }

  #start(): Worker | ChildProcess {
    const { bundle } = this.options;
    const env = { ...HARMLESS, ...this.options.environment };
    const host = this.options.process
      ? fork(HOST, [bundle], { env, execArgv: HEAP_OF_256_MB, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      : // What it logs and measures on standard output is not the demo's output.
        new Worker(HOST, { env, workerData: { bundle }, execArgv: [], stdout: true });
    if (host instanceof Worker) host.stdout.resume();
    // The function does not keep the demo running.
    host.unref();
    if (!(host instanceof Worker)) host.channel?.unref();
    (host as Worker).on('message', (answer: Answer) => this.#settle(answer));
    host.on('error', (error: Error) => this.#fail(host, error));
    host.on('exit', (code: number | null) => this.#fail(host, new Error(`the function ended with code ${code}`)));
    return host;
  }

  #settle({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }

  #fail(host: Worker | ChildProcess, error: Error): void {
    if (this.#host !== host) return;
    this.#host = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Nothing of the AWS settings of whoever runs this. */
const HARMLESS = {
  PATH: process.env['PATH'] ?? '',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
  // Which Node runs the demo is not what the demo tells about.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  // The log of errors goes to standard error; standard output belongs to the demo.
  POWERTOOLS_LOG_LEVEL: process.env['POWERTOOLS_LOG_LEVEL'] ?? 'ERROR',
};
