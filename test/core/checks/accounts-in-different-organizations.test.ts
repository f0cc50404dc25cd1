import { accountsInDifferentOrganizations } from '../../../lambda/core/checks/accounts-in-different-organizations';
import { DESTINATION, evidenceOf, MANAGEMENT, SOURCE, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

const SOURCE_READ = 'organizations:DescribeOrganization@source';
const DESTINATION_READ = 'organizations:DescribeOrganization@destination';
const ACCOUNT_READ = `organizations:DescribeAccount@organization#${DESTINATION}`;
const inOrganization = (Id: string) => ({ Organization: { Id, MasterAccountId: MANAGEMENT } });
const none = { error: 'AWSOrganizationsNotInUseException' };
const ADMINISTRATOR_READ = (id: string) => `organizations:DescribeAccount@555555555555/eu-west-1#${id}`;
const refused = { error: 'AccessDeniedException' };
const account = (organization: string, id = DESTINATION, partition = 'aws') => ({
  Account: { Id: id, Arn: `arn:${partition}:organizations::${MANAGEMENT}:account/${organization}/${id}` },
});
const china = {
  sourceBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${SOURCE}:backup-vault:prod`,
  destinationBackupVaultArn: `arn:aws-cn:backup:cn-north-1:${DESTINATION}:backup-vault:dr`,
};

testCheck(accountsInDifferentOrganizations, {
  fault: [
    {
      name: 'two organizations',
      evidence: evidenceOf({ responses: { [DESTINATION_READ]: inOrganization('o-b') } }),
      confidence: 'confirmed',
      resource: DESTINATION,
      because: [
        `The destination account ${DESTINATION} is in organization o-b; the source account ${SOURCE} is in organization o-exampleorg.`,
      ],
    },
    {
      name: 'destination in no organization',
      evidence: evidenceOf({ responses: { [DESTINATION_READ]: none } }),
      confidence: 'confirmed',
      because: [`${DESTINATION} is in no organization`],
    },
    {
      name: 'source in no organization',
      evidence: evidenceOf({ responses: { [SOURCE_READ]: none } }),
      confidence: 'confirmed',
      because: [`${SOURCE} is in no organization`],
    },
    {
      name: 'both in no organization are not in the same one',
      evidence: evidenceOf({ responses: { [SOURCE_READ]: none, [DESTINATION_READ]: none } }),
      confidence: 'confirmed',
    },
    {
      name: 'source in no organization, destination not readable',
      evidence: evidenceOf({ responses: { [SOURCE_READ]: none, [DESTINATION_READ]: refused } }),
      confidence: 'confirmed',
      because: [`Account ${SOURCE} is in no organization.`],
    },
    {
      name: 'destination in no organization, source not readable',
      evidence: evidenceOf({ responses: { [SOURCE_READ]: refused, [DESTINATION_READ]: none } }),
      confidence: 'confirmed',
      because: [`Account ${DESTINATION} is in no organization.`],
    },
    {
      name: "destination unknown to the source's organization",
      evidence: evidenceOf({
        responses: { [DESTINATION_READ]: undefined, [ACCOUNT_READ]: { error: 'AccountNotFoundException' } },
      }),
      confidence: 'confirmed',
      because: [`that organization has no account ${DESTINATION}`],
    },
    {
      name: "as told in a delegated administrator's account",
      evidence: evidenceOf({
        responses: {
          [DESTINATION_READ]: undefined,
          [ADMINISTRATOR_READ(DESTINATION)]: { error: 'AccountNotFoundException' },
          [ADMINISTRATOR_READ(SOURCE)]: account('o-exampleorg', SOURCE),
        },
      }),
      confidence: 'confirmed',
      because: [`that organization has no account ${DESTINATION}`],
    },
    {
      name: "the account's ARN names another organization",
      evidence: evidenceOf({ responses: { [DESTINATION_READ]: undefined, [ACCOUNT_READ]: account('o-b') } }),
      confidence: 'confirmed',
      because: ['in organization o-b'],
    },
    {
      name: 'China',
      evidence: evidenceOf({
        event: { region: 'cn-north-1' },
        detail: china,
        responses: { [DESTINATION_READ]: none },
      }),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'one organization', evidence: evidenceOf() },
    {
      name: "destination known to the source's organization",
      evidence: evidenceOf({ responses: { [DESTINATION_READ]: refused, [ACCOUNT_READ]: account('o-exampleorg') } }),
    },
    {
      name: 'in GovCloud as well',
      evidence: evidenceOf({
        responses: { [DESTINATION_READ]: refused, [ACCOUNT_READ]: account('o-exampleorg', DESTINATION, 'aws-us-gov') },
      }),
    },
  ],
  notApplicable: [
    {
      name: 'copy within one account',
      evidence: evidenceOf({ detail: toVault(SOURCE, { name: 'b', region: 'eu-west-3' }) }),
    },
  ],
  unknown: [
    {
      name: 'source not readable',
      evidence: evidenceOf({ responses: { [SOURCE_READ]: refused } }),
      missing: [{ permission: 'organizations:DescribeOrganization', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    {
      name: 'destination not readable, no organization reader',
      evidence: evidenceOf({ responses: { [DESTINATION_READ]: refused } }),
      missing: [
        { permission: 'organizations:DescribeOrganization', account: DESTINATION },
        { permission: 'organizations:DescribeAccount', account: MANAGEMENT, reason: 'not read' },
      ],
    },
    {
      name: 'not found counts only beside an organization of the source',
      evidence: evidenceOf({
        responses: {
          [SOURCE_READ]: refused,
          [DESTINATION_READ]: refused,
          [ACCOUNT_READ]: { error: 'AccountNotFoundException' },
        },
      }),
      missing: [{ account: SOURCE }, { account: DESTINATION }],
    },
    {
      name: 'not found by an account that is itself in another organization',
      evidence: evidenceOf({
        responses: {
          [DESTINATION_READ]: refused,
          [ADMINISTRATOR_READ(DESTINATION)]: { error: 'AccountNotFoundException' },
          [ADMINISTRATOR_READ(SOURCE)]: account('o-b', SOURCE),
        },
      }),
      because: 'setting organizationAccount',
    },
    {
      name: 'not found by an account that does not find the source either',
      evidence: evidenceOf({
        responses: {
          [DESTINATION_READ]: refused,
          [ADMINISTRATOR_READ(DESTINATION)]: { error: 'AccountNotFoundException' },
          [ADMINISTRATOR_READ(SOURCE)]: { error: 'AccountNotFoundException' },
        },
      }),
      missing: [
        { account: DESTINATION },
        { permission: 'organizations:DescribeAccount', account: '555555555555', reason: 'AccountNotFoundException' },
      ],
    },
    {
      name: 'answer about another account',
      evidence: evidenceOf({
        responses: { [DESTINATION_READ]: refused, [ACCOUNT_READ]: account('o-exampleorg', '333333333333') },
      }),
      because: 'names no organization',
    },
  ],
});

it('moves the account by its invitation, with a capital for what has to be put in', () => {
  const result = accountsInDifferentOrganizations.evaluate(
    evidenceOf({ responses: { [DESTINATION_READ]: inOrganization('o-b') } }),
  );
  const steps = result.status === 'fault' ? result.finding.fix.steps.join('\n') : '';
  expect(steps).toContain('accept-handshake --handshake-id HANDSHAKE');
  expect(steps).toContain('in place of HANDSHAKE');
  expect(steps).toMatch(/moves by accepting/);
  expect(steps).not.toMatch(/it has to go first/);
});
