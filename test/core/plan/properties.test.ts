import fc from 'fast-check';
import { copyOf, type Evidence } from '../../../lambda/core/evidence';
import { extendPolicy, keepsAll } from '../../../lambda/core/plan/extend-policy';
import type { Plan } from '../../../lambda/core/plan/plan';
import { otherGains, ownerCanChange, type Change } from '../../../lambda/core/plan/proof';
import { evaluate } from '../../../lambda/core/policy/evaluate';
import type { PolicyDocument, Statement } from '../../../lambda/core/policy/policy';
import { copyIntoStatement } from '../../../lambda/core/vault-questions';
import { DESTINATION, DESTINATION_VAULT, evidenceOf, KEY_STATEMENTS, SOURCE, SOURCE_KEY } from '../evidence-fixture';
import { plansFor, THIRD } from './fixture';
import { policy, rewritten } from './random-policy';
import { runs } from '../soak';

const ours = copyIntoStatement(copyOf(evidenceOf()));
const vaultPolicyIs = (document: PolicyDocument): Evidence =>
  evidenceOf({
    responses: { 'backup:GetBackupVaultAccessPolicy@destination': { Policy: JSON.stringify(document) } },
  });
const keyPolicyIs = (document: PolicyDocument): Evidence =>
  evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { Policy: JSON.stringify(document) } } });
const withOwner = ({ Statement: statements, ...rest }: PolicyDocument): PolicyDocument => ({
  ...rest,
  Statement: [...statements, KEY_STATEMENTS.owner as Statement],
});

/** Every plan that is offered for random documents; some must be. */
function forEveryPlan(evidenceFor: (document: PolicyDocument) => Evidence, check: (plan: Plan) => void): void {
  let offered = 0;
  fc.assert(
    fc.property(policy, (document) => {
      for (const result of plansFor(evidenceFor(document))) {
        if (result.ok) check(result.plan);
        else expect(result.reason).not.toBe('');
        offered += result.ok ? 1 : 0;
      }
    }),
    { numRuns: runs(150) },
  );
  expect(offered).toBeGreaterThan(10);
}

const COPY_ROLE_NAME = 'role/service-role/AWSBackupDefaultServiceRole';
const answers = (document: PolicyDocument | null, account: string, name: string, action: string, resource: string) =>
  evaluate(document ?? { Statement: [] }, {
    principal: { account, arn: `arn:aws:iam::${account}:${name}` },
    action,
    resource,
    context: {
      'aws:PrincipalArn': `arn:aws:iam::${account}:${name}`,
      'aws:PrincipalAccount': account,
      'aws:PrincipalOrgID': 'o-exampleorg',
      'aws:SourceIp': '10.0.0.1',
    },
  }).decision;

describe('an offered plan', () => {
  it('for a vault keeps every old statement and gives nobody else anything', () => {
    forEveryPlan(vaultPolicyIs, ({ before, after, added }) => {
      const old = before?.Statement ?? [];
      expect(after.Statement.slice(0, old.length)).toEqual(old);
      expect(after.Statement.slice(old.length)).toEqual(added);
      for (const account of [DESTINATION, THIRD, '444444444444', SOURCE]) {
        for (const action of ['backup:CopyIntoBackupVault', 'backup:DeleteRecoveryPoint', 'backup:StartRestoreJob']) {
          if (account === SOURCE && action === 'backup:CopyIntoBackupVault') continue;
          const [was, is] = [before, after].map((document) =>
            answers(document, account, 'role/any', action, DESTINATION_VAULT),
          );
          expect(is).toBe(was);
        }
      }
      // A Deny on the copy role's own name is told, not planned; another role of that account may still meet one.
      const gained = answers(after, SOURCE, COPY_ROLE_NAME, 'backup:CopyIntoBackupVault', DESTINATION_VAULT);
      expect(gained).toBe('Allowed');
      expect(plansFor(vaultPolicyIs(after))).toEqual([]);
    });
  });

  it('for a key keeps every old statement and gives nobody else anything', () => {
    forEveryPlan(
      (document) => keyPolicyIs(withOwner(document)),
      ({ before, after }) => {
        const old = before?.Statement ?? [];
        expect(after.Statement.slice(0, old.length)).toEqual(old);
        for (const account of [DESTINATION, THIRD, '444444444444', SOURCE]) {
          for (const action of ['kms:Decrypt', 'kms:CreateGrant', 'kms:DescribeKey', 'kms:PutKeyPolicy']) {
            const [was, is] = [before, after].map((one) => answers(one, account, 'role/any', action, SOURCE_KEY));
            // Whether a call is made by an AWS service for the role cannot be told here; the role's name can.
            expect(is).toBe(was);
          }
        }
        expect(plansFor(keyPolicyIs(after))).toEqual([]);
      },
    );
  });

  it('has the hash of the document, however that is written', () => {
    fc.assert(
      fc.property(policy, fc.integer(), (document, seed) => {
        const hashes = [document, rewritten(document, seed)].map((one) =>
          plansFor(vaultPolicyIs(one)).map((result) => (result.ok ? result.plan.hash : 'refused')),
        );
        expect(hashes[1]).toEqual(hashes[0]);
      }),
    );
  });
});

describe('extending', () => {
  it('twice changes nothing, and the order of members stays', () => {
    fc.assert(
      fc.property(policy, (document) => {
        const once = extendPolicy(document, [ours], 'aws');
        if (!once.ok) throw new Error(once.reason);
        expect(Object.keys(once.after)).toEqual(Object.keys(document));
        expect(extendPolicy(once.after, [ours], 'aws')).toEqual({ ok: true, after: once.after, added: [] });
        const sids = once.added.map(({ Sid }) => Sid);
        expect(document.Statement.some(({ Sid }) => sids.includes(Sid))).toBe(false);
      }),
    );
  });

  it.each<[string, PolicyDocument]>([
    ['a statement is gone', { Version: '2012-10-17', Statement: [ours] }],
    ['the order is another', { Version: '2012-10-17', Statement: [ours, KEY_STATEMENTS.owner as Statement] }],
    ['the version is another', { Version: '2008-10-17', Statement: [KEY_STATEMENTS.owner as Statement, ours] }],
  ])('is seen not to keep all when %s', (_, after) => {
    const before: PolicyDocument = { Version: '2012-10-17', Statement: [KEY_STATEMENTS.owner as Statement, ours] };
    expect(keepsAll(before, after)).toBe(false);
    expect(keepsAll(before, before)).toBe(true);
  });
});

describe('the proof that nobody else gains', () => {
  const change = (statement: Partial<Statement>, before: PolicyDocument | null = null): Change => {
    const added = [{ ...ours, ...statement }];
    return {
      partition: 'aws',
      resource: DESTINATION_VAULT,
      owner: DESTINATION,
      grantee: { account: SOURCE },
      before,
      after: { Version: '2012-10-17', Statement: [...(before?.Statement ?? []), ...added] },
      added,
    };
  };
  it.each<[string, Partial<Statement>]>([
    ['everyone', { Principal: '*' }],
    ['another account too', { Principal: { AWS: [SOURCE, THIRD] } }],
    ['a service', { Principal: { Service: 'backup.amazonaws.com' } }],
    ['a denial', { Effect: 'Deny', Principal: { AWS: THIRD } }],
  ])('sees %s', (_, statement) => expect(otherGains(change(statement))).toContain('another answer'));

  it('sees it behind many principals', () => {
    const names = Array.from({ length: 90 }, (_, index) => String(500000000000 + index));
    const before: PolicyDocument = { Statement: [{ ...ours, Principal: { AWS: names } }] };
    expect(otherGains(change({}, before))).toBeUndefined();
    const last = change({ Principal: { AWS: `arn:aws:iam::${THIRD}:role/last` } }, before);
    expect(otherGains(last)).toContain('role/last');
  });

  it('sees another role of the account where one role is meant', () => {
    const only = { account: SOURCE, only: `arn:aws:iam::${SOURCE}:role/one` };
    expect(otherGains({ ...change({}), grantee: only })).toContain('another answer');
  });

  it('sees a service where the grantee owns the resource', () => {
    const service = change({ Principal: { Service: 'ec2.amazonaws.com' } });
    expect(otherGains({ ...service, grantee: { account: DESTINATION } })).toContain('ec2.amazonaws.com');
  });

  it('sees a perhaps that hangs on another thing than before', () => {
    const under = (key: string) => ({ ...ours, Principal: '*', Condition: { StringEquals: { [key]: 'x' } } });
    const before: PolicyDocument = { Statement: [under('aws:SourceVpc')] };
    expect(otherGains(change(under('aws:SourceVpce'), before))).toContain('another answer');
  });

  it('sees grants on a key that are not made for an AWS resource', () => {
    const grants = KEY_STATEMENTS.grants as Statement;
    const onKey = { resource: SOURCE_KEY, owner: SOURCE, grantee: { account: DESTINATION } };
    expect(otherGains({ ...change(grants), ...onKey })).toBeUndefined();
    expect(otherGains({ ...change({ ...grants, Condition: {} }), ...onKey })).toContain('kms:CreateGrant');
  });

  it('lets a change through that only the grantee gains by', () => expect(otherGains(change({}))).toBeUndefined());

  it('knows who can change a key policy', () => {
    const after = (statement: object) => ({
      ...change({}),
      owner: SOURCE,
      after: { Statement: [statement as Statement] },
    });
    expect(ownerCanChange(after(KEY_STATEMENTS.owner), 'kms:PutKeyPolicy')).toBe(true);
    const admin = { ...KEY_STATEMENTS.owner, Principal: { AWS: `arn:aws:iam::${SOURCE}:role/admin` } };
    expect(ownerCanChange(after(admin), 'kms:PutKeyPolicy')).toBe(true);
    expect(ownerCanChange(after(KEY_STATEMENTS.use), 'kms:PutKeyPolicy')).toBe(false);
  });
});
