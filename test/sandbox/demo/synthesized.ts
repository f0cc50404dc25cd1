import { tmpdir } from 'node:os';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunction } from '../../../lib/bundle';
import { synthesizeHub, type SynthesizedHub } from '../../../lib/synthesize';

export const FUNCTIONS = ['diagnose', 'remediate', 'approve'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

const bundles = new Map<FunctionName, string>();

/** Once a process, in a folder of its own: tests run side by side. */
export function bundleOf(name: FunctionName): string {
  const known = bundles.get(name);
  if (known) return known;
  const outDir = mkdtempSync(join(tmpdir(), 'copy-doctor-bundle-'));
  const made = join(bundleFunction(name, { outDir }), 'index.js');
  bundles.set(name, made);
  return made;
}

const templates = new Map<string, SynthesizedHub>();

/** Synthesizing takes longer than a whole scenario: once for the same settings. */
export function synthesize(
  settings: Readonly<Record<string, unknown>>,
  account: string,
  region: string,
): SynthesizedHub {
  const key = JSON.stringify([settings, account, region]);
  const known = templates.get(key) ?? synthesizeHub(settings, { account, region });
  templates.set(key, known);
  return structuredClone(known);
}
