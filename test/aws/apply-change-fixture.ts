import { applyChange, type ApplyServices } from '../../lambda/aws/apply-change';
import { KEYS } from '../../lambda/aws/incident-items';
import type { Decision, Incident } from '../../lambda/core/incident/incident';
import { sameContent } from '../../lambda/core/plan/normal-form';
import type { PolicyDocument, Statement } from '../../lambda/core/policy/policy';
import { DESTINATION, REGION, SOURCE } from '../sandbox/fixture';
import type { Vault } from '../sandbox/model';
import { allowFrom, policyOf, startHub, type Deployment, type SettingsOf } from './remediate-fixture';

export const THIRD = '333333333333';
export const AUDIT = allowFrom(DESTINATION, { Sid: 'Local', Action: 'backup:StartRestoreJob' });
export const JANE = `arn:aws:sts::${SOURCE}:assumed-role/copy-doctor-approver/jane@example.com`;
/** What the service adds, but for its Sid. */
export const OURS: Statement = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${SOURCE}:root` },
  Action: 'backup:CopyIntoBackupVault',
  Resource: '*',
};
export const OURS_SID = `CopyDoctorAllowCopyFrom${SOURCE}`;

/** A hub for the tests of one file, and for each of them a deployment whose first vault lacks a statement. */
export function applyHub(settings?: SettingsOf) {
  let hub: Awaited<ReturnType<typeof startHub>>;
  let deployed: Deployment;
  let vault: Vault;
  let slept: number;
  let trust: string;
  beforeAll(async () => {
    hub = await startHub();
    hub.sandbox.addAccount({ id: THIRD });
    ({ trust } = hub.vaultWriter);
  });
  afterAll(() => hub.close());
  const begin = async (with_ = settings) => {
    hub.sandbox.faults.clear();
    hub.vaultWriter.trust = trust;
    deployed = await hub.deploy(true, with_);
    [vault] = deployed.vaults;
    vault.policy = policyOf(AUDIT);
    slept = 0;
    hub.sandbox.clearCalls();
  };
  beforeEach(() => begin());

  const head = async (id: string) => {
    const incident = await deployed.incidents.head(id);
    if (!incident) throw new Error('no incident');
    return incident;
  };
  const putDecision = (incident: Incident, more: Partial<Decision> = {}) =>
    deployed.incidents.putDecision({
      incident: incident.id,
      revision: incident.revision,
      planHash: incident.planHash ?? '',
      decision: 'approved',
      by: JANE,
      at: deployed.now().toISOString(),
      ...more,
    });
  const failed = async () => {
    const { incident } = await deployed.fail(vault);
    // Whatever is read from here on is newer.
    await hub.sandbox.clock.advance(1_000);
    return incident;
  };
  const puts = () => hub.sandbox.calls.filter(({ operation }) => operation === 'PutBackupVaultAccessPolicy');
  const policyNow = () => (vault.policy === undefined ? undefined : (JSON.parse(vault.policy) as PolicyDocument));
  const services = (more: Partial<ApplyServices> = {}): ApplyServices => ({
    ...deployed.services(),
    sleep: (milliseconds) => Promise.resolve((slept += milliseconds)),
    ...more,
  });

  return {
    get hub() {
      return hub;
    },
    get deployed() {
      return deployed;
    },
    get vault() {
      return vault;
    },
    /** Milliseconds that were waited for. */
    get slept() {
      return slept;
    },
    begin,
    head,
    putDecision,
    failed,
    services,
    puts,
    policyNow,
    ours: () => (policyNow()?.Statement ?? []).filter((one) => sameContent(one, OURS, 'aws')),
    /** A failure with a plan; and, as the handler would absorb it, somebody's approval. */
    approved: async (more: Partial<Decision> = {}) => {
      const { id, revision } = await failed().then(async (incident) => {
        await putDecision(incident, more);
        return incident;
      });
      const decision = await deployed.incidents.decision(id, revision);
      if (!decision) throw new Error('no decision');
      await deployed.incidents.change(id, { kind: 'decided', at: deployed.now().toISOString(), decision });
      hub.sandbox.clearCalls();
      return head(id);
    },
    apply: async (incident: Incident, more?: Partial<ApplyServices>) => {
      await applyChange(incident, services(more));
      return head(incident.id);
    },
    /** What somebody who can write the table could make of HEAD. */
    forge: ({ id }: Incident, members: Partial<Incident>) => deployed.forge(KEYS.head(id), { ...members }),
    /** Sessions of the role that writes. */
    taken: () => hub.sandbox.calls.filter(({ input }) => String(input['RoleArn']).endsWith('vault-writer')),
    /** AWS refuses a call in the account of the vault. */
    refuse: (operation: string, code: string, message: string, status = 400) =>
      hub.sandbox.faults.add({
        service: 'backup',
        operation,
        account: DESTINATION,
        error: { code, message, status },
      }),
    own: () =>
      hub.sandbox.addStack({
        account: DESTINATION,
        region: REGION,
        name: `stack-${vault.name}`,
        resources: [{ logicalId: 'Vault', physicalId: vault.name, type: 'AWS::Backup::BackupVault' }],
      }),
    expectUntouched: (before: string | undefined = policyOf(AUDIT)) => {
      expect(vault.policy).toBe(before);
      expect(puts()).toEqual([]);
    },
  };
}
