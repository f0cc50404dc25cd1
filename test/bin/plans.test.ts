import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../bin/cli/run';

const KNOWN = JSON.parse(readFileSync('test/cases/vault-and-key-policy.json', 'utf8')) as Record<string, unknown>;
const VAULT = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr';

async function plansOf(document: object) {
  const file = join(mkdtempSync(join(tmpdir(), 'copy-doctor-plans-')), 'case.json');
  writeFileSync(file, JSON.stringify(document));
  let [stdout, stderr] = ['', ''];
  const code = await run(['diagnose', '--case', file, '--json'], {
    stdout: { write: (text: string) => ((stdout += text), true), isTTY: false },
    stderr: { write: (text: string) => ((stderr += text), true), isTTY: false },
    env: {},
  } as unknown as Parameters<typeof run>[1]);
  return { code, stderr, plans: code === 0 ? (JSON.parse(stdout).plans as Record<string, unknown>[]) : [] };
}

describe('diagnose --case --json', () => {
  it('plans one exact change a document, a row a cause', async () => {
    const { code, plans } = await plansOf(KNOWN);
    expect(code).toBe(0);
    expect(plans.map(({ cause }) => cause).sort()).toEqual([
      'source-key-policy-lacks-destination',
      'source-key-policy-lacks-grants',
      'vault-policy-lacks-source',
    ]);
    const [key, grants] = plans.filter(({ resource }) => String(resource).includes(':kms:'));
    expect(key?.['hash']).toBe(grants?.['hash']);
    for (const { before, after, hash } of plans) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      // Every statement that was there is there, equal and in order.
      const old = (before as { Statement: unknown[] } | null)?.Statement ?? [];
      expect((after as { Statement: unknown[] }).Statement.slice(0, old.length)).toEqual(old);
    }
  });

  it('plans nothing for a vault that the settings do not list', async () => {
    expect((await plansOf({ ...KNOWN, settings: { destinations: [`${VAULT}-other`] } })).plans).toEqual([]);
    expect((await plansOf({ ...KNOWN, settings: { destinations: [VAULT] } })).plans).toHaveLength(3);
  });

  it("gives the whole account the key where the settings say so, in AWS's plain form", async () => {
    const { plans } = await plansOf({ ...KNOWN, settings: { destinations: [VAULT], keyGrantee: 'account' } });
    const key = plans.find(({ cause }) => cause === 'source-key-policy-lacks-destination');
    expect(JSON.stringify(key?.['after'])).not.toContain('aws:PrincipalArn');
  });

  it('plans nothing when the record of the job was not read', async () => {
    const responses = {
      ...(KNOWN['responses'] as object),
      'backup:DescribeCopyJob': { error: 'ResourceNotFoundException' },
    };
    expect((await plansOf({ ...KNOWN, responses })).plans).toEqual([]);
  });

  it.each([[[]], [{}], [{ destinations: 'dr' }], [{ destinations: [VAULT], keyGrantee: 'everyone' }]])(
    'refuses settings %j with one line',
    async (settings) => {
      const { code, stderr } = await plansOf({ ...KNOWN, settings });
      expect(code).toBe(2);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain('"settings"');
    },
  );
});
