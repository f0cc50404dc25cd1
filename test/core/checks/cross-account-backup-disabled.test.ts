import { crossAccountBackupDisabled } from '../../../lambda/core/checks/cross-account-backup-disabled';
import { evidenceOf, MANAGEMENT, SOURCE, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

const CENTRAL = 'backup:DescribeGlobalSettings@organization';
const MEMBER = 'backup:DescribeGlobalSettings@source';
const HOME = 'organizations:DescribeOrganization@source';
const enabled = (isCrossAccountBackupEnabled: string) => ({ GlobalSettings: { isCrossAccountBackupEnabled } });
const refused = { error: 'AccessDeniedException' };
const managedBySource = { Organization: { Id: 'o-exampleorg', MasterAccountId: SOURCE } };

testCheck(crossAccountBackupDisabled, {
  fault: [
    {
      name: 'false in the management account',
      evidence: evidenceOf({ responses: { [CENTRAL]: enabled('false'), [MEMBER]: undefined } }),
      confidence: 'confirmed',
      resource: 'o-exampleorg',
      because: ['isCrossAccountBackupEnabled is "false"', MANAGEMENT],
    },
    {
      name: "the management account's answer wins over a member's true",
      evidence: evidenceOf({ responses: { [CENTRAL]: enabled('false') } }),
      confidence: 'confirmed',
    },
    {
      name: 'the source account is the management account',
      evidence: evidenceOf({ responses: { [MEMBER]: enabled('false'), [HOME]: managedBySource } }),
      confidence: 'confirmed',
      because: [SOURCE],
    },
    {
      name: 'false in a management account that is not known by number',
      evidence: evidenceOf({ responses: { [CENTRAL]: enabled('false'), [HOME]: refused } }),
      confidence: 'confirmed',
      resource: 'organization',
    },
    {
      name: 'read under the account and Region of the management account',
      evidence: evidenceOf({
        responses: { [`backup:DescribeGlobalSettings@${MANAGEMENT}/eu-west-1`]: enabled('false') },
      }),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'true, seen by a member', evidence: evidenceOf() },
    {
      name: 'true in the management account, false seen by a member',
      evidence: evidenceOf({ responses: { [CENTRAL]: enabled('true'), [MEMBER]: enabled('false') } }),
    },
    {
      name: 'management account refused, true seen by a member',
      evidence: evidenceOf({ responses: { [CENTRAL]: refused } }),
    },
  ],
  notApplicable: [
    {
      name: 'copy within one account',
      evidence: evidenceOf({
        detail: toVault(SOURCE, { region: 'eu-west-3' }),
        responses: { [CENTRAL]: enabled('false') },
      }),
    },
  ],
  unknown: [
    {
      name: "the settings of the destination's organization, where the source's is another",
      evidence: evidenceOf({
        responses: {
          'organizations:DescribeOrganization@destination': {
            Organization: { Id: 'o-otherorg', MasterAccountId: '888888888888' },
          },
          'backup:DescribeGlobalSettings@888888888888/eu-west-1': enabled('false'),
          [MEMBER]: refused,
        },
      }),
      missing: [{ account: MANAGEMENT, reason: 'not read' }, { account: SOURCE }],
    },
    {
      name: 'false seen by a member proves nothing',
      evidence: evidenceOf({ responses: { [MEMBER]: enabled('false') } }),
      because: `as account ${SOURCE} sees it`,
      missing: [{ permission: 'backup:DescribeGlobalSettings', account: MANAGEMENT, reason: 'not read' }],
    },
    {
      name: 'both refused',
      evidence: evidenceOf({ responses: { [CENTRAL]: refused, [MEMBER]: refused } }),
      missing: [
        { account: MANAGEMENT, reason: 'AccessDeniedException' },
        { account: SOURCE, reason: 'AccessDeniedException' },
      ],
    },
    {
      name: 'settings without the value',
      evidence: evidenceOf({ responses: { [CENTRAL]: { GlobalSettings: {} }, [MEMBER]: { GlobalSettings: {} } } }),
      because: 'do not contain',
    },
  ],
});
