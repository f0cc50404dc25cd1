import type { Incident, IncidentState } from '../../lambda/core/incident/incident';
import type { ShownIncident } from '../../lambda/core/incident/shown';
import { vaultName } from '../../lambda/core/arn';
import { clean } from '../../lambda/core/text/clean';
import { arg } from '../../lambda/core/text/en/policy-words';

/** States in which a change is in place that the service did not make. */
const IN_PLACE: readonly IncidentState[] = [
  'settling',
  'canary',
  'retrying',
  'applied',
  'reopened',
  'not-cured',
  'resolved',
];

/** How the owner takes back a change that the owner made; empty: there is none to take back. */
export function takenBackByHand({ incident, plan }: Pick<ShownIncident, 'incident' | 'plan'>): readonly string[] {
  const { id, change, kind, owner, region, resource, state } = incident;
  const isPolicy = kind === 'key-policy' || kind === 'vault-policy';
  if (change !== undefined || !isPolicy || !IN_PLACE.includes(state)) return [];
  const sids = (plan?.added ?? []).flatMap(({ Sid }) => (Sid ? [clean(Sid, 200)] : []));
  const [get, put] = commands(incident);
  return [
    `The owner, account ${clean(owner)}, made this change of ${clean(resource, 300)} (${clean(region)}), and takes it back:`,
    `- If it was made by \`apply\`, that saved the policy as it was in copy-doctor-${id}-before.json, and printed the command`,
    '  that puts it back. That also takes back what others changed since.',
    ...(sids.length > 0
      ? [
          `- Or remove ${sids.length === 1 ? 'the statement with the Sid' : 'the statements with the Sids'} ${sids.join(', ')}:`,
          `    ${get} > policy.json`,
          '    # edit policy.json',
          `    ${put}`,
        ]
      : []),
    'Copies that need the change fail afterwards, and are told as a new failure.',
  ];
}

function commands({ kind, region, resource }: Incident): readonly [string, string] {
  if (kind === 'key-policy') {
    const key = `--region ${region} --key-id ${arg(resource)} --policy-name default`;
    return [
      `aws kms get-key-policy ${key} --query Policy --output text`,
      `aws kms put-key-policy ${key} --policy file://policy.json`,
    ];
  }
  const vault = `--region ${region} --backup-vault-name ${arg(vaultName(resource))}`;
  return [
    `aws backup get-backup-vault-access-policy ${vault} --query Policy --output text`,
    `aws backup put-backup-vault-access-policy ${vault} --policy file://policy.json`,
  ];
}
