import fc from 'fast-check';
import { diagnose } from '../../../lambda/core/diagnose';
import type { Evidence } from '../../../lambda/core/evidence';
import { INCIDENT_ID, idOf, proposalsOf } from '../../../lambda/core/incident/proposals';
import type { PlanSettings } from '../../../lambda/core/plan/plan';
import {
  DESTINATION,
  DESTINATION_KEY,
  DESTINATION_VAULT,
  evidenceOf,
  KEY_STATEMENTS,
  policyText,
  REGION,
  SOURCE,
  SOURCE_KEY,
  type Overrides,
} from '../evidence-fixture';

const settings: PlanSettings = { destinations: [DESTINATION_VAULT], keyGrantee: 'role' };
const noVaultPolicy = { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } };
const closedKey = { 'kms:GetKeyPolicy@source': { Policy: policyText(KEY_STATEMENTS.owner) } };
const missingKey = { 'kms:DescribeKey@source': { error: 'NotFoundException' }, 'kms:GetKeyPolicy@source': undefined };

/** Without a message nothing is pointed to: what is told is what evidence shows. */
const silent: Overrides = { detail: { statusMessage: undefined }, job: { StatusMessage: undefined } };

const of = (evidence: Evidence, with_: PlanSettings = settings) =>
  proposalsOf(evidence, diagnose(evidence), with_).map(({ proposal }) => proposal);
const proposals = (overrides: Overrides, with_?: PlanSettings) => of(evidenceOf(overrides), with_);
const ids = (overrides: Overrides, with_?: PlanSettings) => proposals(overrides, with_).map(({ id }) => id);

const otherCopy: Overrides = {
  event: { time: '2026-06-02T00:00:00Z', resources: [`arn:aws:ec2:${REGION}::snapshot/snap-0aaaaaaaaaaaaaaa0`] },
  detail: { copyJobId: 'another', resourceArn: `arn:aws:ec2:${REGION}:${SOURCE}:volume/vol-0aaaaaaaaaaaaaaa0` },
};

describe('one proposal a cause and resource', () => {
  it('with a plan to decide on', () => {
    const [proposal, ...others] = proposals({ responses: noVaultPolicy });
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      kind: 'vault-policy',
      causes: ['vault-policy-lacks-source'],
      resource: DESTINATION_VAULT,
      owner: DESTINATION,
      region: REGION,
      account: SOURCE,
      ask: true,
      planHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(proposal?.id).toMatch(INCIDENT_ID);
    expect(proposal?.title).not.toBe('');
  });

  it('two causes in one document are one, with one plan', () => {
    const [proposal, ...others] = proposals({ ...silent, responses: closedKey });
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      kind: 'key-policy',
      causes: ['source-key-policy-lacks-destination', 'source-key-policy-lacks-grants'],
      resource: SOURCE_KEY,
      owner: SOURCE,
      account: DESTINATION,
      ask: true,
    });
  });

  it('causes in two documents are two', () => {
    const kinds = proposals({ ...silent, responses: { ...noVaultPolicy, ...closedKey } }).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['key-policy', 'vault-policy']);
  });

  it('the same fault seen by another copy has the same id and the same plan', () => {
    for (const responses of [noVaultPolicy, closedKey]) {
      const [a, b] = [proposals({ responses }), proposals({ ...otherCopy, responses })];
      expect(b.map(({ id, planHash }) => [id, planHash])).toEqual(a.map(({ id, planHash }) => [id, planHash]));
    }
  });

  it('two ways to use one key are two, for their plans differ', () => {
    const administer = { ...KEY_STATEMENTS.owner, Action: ['kms:Put*', 'kms:Get*', 'kms:List*'] };
    const responses = { 'kms:GetKeyPolicy@source': { Policy: policyText(administer) } };
    const message = 'KMS key is either disabled or pending deletion or access to KMS key is denied';
    const ofType = (type: string): Overrides => ({
      detail: { resourceType: type, statusMessage: message },
      job: { ResourceType: type, StatusMessage: message },
      responses,
    });
    const [volume, files] = [proposals(ofType('EBS')), proposals(ofType('EFS'))];
    expect([...volume, ...files].map(({ kind, ask }) => [kind, ask])).toEqual([
      ['key-policy', true],
      ['key-policy', true],
    ]);
    expect(files[0]?.planHash).not.toBe(volume[0]?.planHash);
    expect(files[0]?.id).not.toBe(volume[0]?.id);
  });

  it('causes of a resource differ by resource', () => {
    const other = SOURCE_KEY.replace(/1{12}$/, '222222222222');
    const withKey = (key: string): Overrides => {
      const point = evidenceOf().responses['backup:DescribeRecoveryPoint@source'];
      return {
        ...silent,
        responses: { ...missingKey, 'backup:DescribeRecoveryPoint@source': { ...point, EncryptionKeyArn: key } },
      };
    };
    const [a, b] = [proposals(withKey(SOURCE_KEY)), proposals(withKey(other))];
    expect(a.map(({ kind, resource }) => [kind, resource])).toEqual([['manual', SOURCE_KEY]]);
    expect(b.map(({ resource }) => resource)).toEqual([other]);
    expect(a[0]?.id).not.toBe(b[0]?.id);
  });
});

describe('nobody is asked', () => {
  it('where the settings only say it', () => {
    const [proposal] = proposals({ responses: noVaultPolicy }, { ...settings, vaultPolicy: 'notify' });
    expect(proposal).toMatchObject({ ask: false, planHash: expect.any(String) });
  });

  it('about a vault that is not listed: the same incident, with the reason', () => {
    const unlisted = { ...settings, destinations: [] };
    const [proposal] = proposals({ responses: noVaultPolicy }, unlisted);
    expect(proposal).toMatchObject({ kind: 'vault-policy', ask: false, refused: expect.stringContaining('dr') });
    expect(proposal?.planHash).toBeUndefined();
    expect(ids({ responses: noVaultPolicy }, unlisted)).toEqual(ids({ responses: noVaultPolicy }));
  });

  it('about what only the message tells: all of it is one', () => {
    const responses = { ...noVaultPolicy, 'backup:GetBackupVaultAccessPolicy@destination': { error: 'AccessDenied' } };
    const found = proposals({ responses });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ kind: 'manual', ask: false });
    expect(found[0]?.causes.length).toBeGreaterThan(1);
  });

  it('and what is not settled is not told as a fact', () => {
    const unread = { ...noVaultPolicy, 'backup:GetBackupVaultAccessPolicy@destination': { error: 'AccessDenied' } };
    const [several] = proposals({ responses: unread });
    expect(several?.title).toMatch(/^\d possible causes, none settled\. The first of them: [A-Z]/);
    const [possible] = proposals({
      ...silent,
      responses: { ...missingKey, 'backup:DescribeCopyJob@source': { error: 'AccessDenied' } },
    });
    expect(possible?.title).toMatch(/^Possible cause: [A-Z]/);
    const [known] = proposals({ ...silent, responses: missingKey });
    expect(known?.title).not.toMatch(/possible/i);
    const [unknown] = proposals({ detail: { statusMessage: 'Gremlins' }, job: { StatusMessage: 'Gremlins' } });
    expect(unknown?.title).toBe('No known cause matches this failure');
  });

  it('about what passes by itself', () => {
    const statusMessage = 'Copy job failed because of too many concurrent copy jobs';
    for (const proposal of proposals({ detail: { statusMessage }, job: { StatusMessage: statusMessage } })) {
      expect(proposal.ask).toBe(false);
    }
  });
});

describe('what nobody knows', () => {
  const unknown = (text: string) => ids({ detail: { statusMessage: text }, job: { StatusMessage: text } });

  it('is told apart by its text, not by the ids in it', () => {
    expect(unknown('Gremlins ate vol-0123456789abcdef0')).toEqual(unknown('Gremlins ate vol-0fedcba9876543210'));
    expect(unknown('Gremlins ate vol-0123456789abcdef0')).not.toEqual(unknown('Elves ate vol-0123456789abcdef0'));
  });
});

describe('the Region', () => {
  it('is that of the resource, also where one account owns both sides', () => {
    const destination = `arn:aws:backup:eu-central-1:${SOURCE}:backup-vault:dr`;
    const moved = JSON.parse(
      JSON.stringify(evidenceOf()).replaceAll(DESTINATION_VAULT, destination).replaceAll(DESTINATION_KEY, ''),
    ) as Evidence;
    const gone: Evidence = {
      ...moved,
      responses: {
        ...moved.responses,
        'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' },
        'backup:ListBackupVaults@destination': { BackupVaultList: [] },
      },
    };
    const found = of(gone).find(({ causes }) => causes.includes('destination-vault-missing'));
    expect(found).toMatchObject({ resource: destination, owner: SOURCE, region: 'eu-central-1' });
  });
});

it('keeps drills apart: one for itself, never with a plan', () => {
  const drill: Overrides = { detail: { copyDoctorDrill: true, copyJobId: 'drill-1' }, responses: noVaultPolicy };
  const [proposal, ...others] = proposals(drill);
  expect(others).toEqual([]);
  expect(proposal).toMatchObject({ kind: 'drill', ask: false });
  expect(proposal?.planHash).toBeUndefined();
  expect(ids(drill)).not.toEqual(ids({ responses: noVaultPolicy }));
  expect(ids({ ...drill, detail: { ...drill.detail, copyJobId: 'drill-2' } })).not.toEqual(ids(drill));
});

it('gives every fingerprint an id of 16 letters, and different ones different ids', () => {
  const text = fc.string({ maxLength: 40 });
  fc.assert(
    fc.property(fc.tuple(text, text, text), fc.tuple(text, text, text), (a, b) => {
      expect(idOf(...a)).toMatch(INCIDENT_ID);
      expect(idOf(...a) === idOf(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

describe('who makes the change, and whether it is copied again', () => {
  it.each(['ask', 'auto', 'never'] as const)(
    'retry: %s goes with what is mended here, and with nothing else',
    (retry) => {
      const with_ = { ...settings, retry };
      expect(proposals({ responses: noVaultPolicy }, with_)).toMatchObject([{ applies: 'service', retry }]);
      expect(proposals({ ...silent, responses: closedKey }, with_)).toMatchObject([{ applies: 'owner', retry }]);
      const [manual] = proposals({ ...silent, responses: missingKey }, with_);
      expect(manual?.kind).toBe('manual');
      expect([manual?.applies, manual?.retry]).toEqual([undefined, undefined]);
    },
  );

  it('nobody, where no plan is offered', () => {
    const [one] = proposals({ responses: noVaultPolicy }, { ...settings, destinations: [], retry: 'auto' });
    expect([one?.applies, one?.retry, one?.auto]).toEqual([undefined, undefined, undefined]);
    expect(one?.refused).toMatch(/not on the list/);
  });
});
