import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../bin/cli/run';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the CLI in this process. */
export async function cli(...argv: readonly string[]): Promise<Ran> {
  return cliOn({ isTTY: false }, ...argv);
}

export async function cliOn(
  { isTTY, env }: { isTTY: boolean; env?: NodeJS.ProcessEnv },
  ...argv: readonly string[]
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const out = (name: keyof typeof written) => ({ isTTY, write: (text: string) => (written[name] += text) });
  const code = await run(argv, { stdout: out('stdout'), stderr: out('stderr'), ...(env ? { env } : {}) });
  return { code, ...written };
}

/** A file in a folder of its own. */
export function fileOf(content: string | Uint8Array, name = 'case.json'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'copy-doctor-')), name);
  writeFileSync(path, content);
  return path;
}

/** What a person sees when something is wrong: one line on stderr, nothing on stdout, no stack trace. */
export function expectOneLine({ stdout, stderr }: Ran, ...words: readonly (string | RegExp)[]): void {
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^copy-doctor: [^\n]+\n$/);
  expect(stderr).not.toMatch(/ at .+:\d+:\d+|unexpected/);
  for (const word of words) expect(stderr).toMatch(word);
}
