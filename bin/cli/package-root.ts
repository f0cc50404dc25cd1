import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Package {
  readonly root: string;
  readonly version: string;
}

/** The package's folder: the nearest one above that holds its package.json. Works from bin/cli/ and from dist/cli.js. */
export function ownPackage(from = __dirname): Package {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = readOwn(folder);
    if (found) return found;
    if (folder === dirname(folder)) return { root: from, version: 'unknown' };
  }
}

function readOwn(folder: string): Package | undefined {
  try {
    const content = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name?: string;
      version?: string;
    };
    return content.name === 'copy-doctor' ? { root: folder, version: content.version ?? 'unknown' } : undefined;
  } catch {
    return undefined;
  }
}
