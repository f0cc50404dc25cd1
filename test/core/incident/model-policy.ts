import type { Incident, Proposal } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';

export type Policy = 'before' | 'after' | 'other' | 'no-plan' | 'unreadable';
/** Some more often than others. */
export const POLICIES: readonly Policy[] = [
  'before',
  'after',
  'other',
  'no-plan',
  'unreadable',
  'after',
  'before',
  'after',
];

/** What the diagnosis and the settings make of an incident. */
export type Setup = Pick<Proposal, 'kind' | 'ask' | 'applies' | 'auto' | 'retry'>;

export const OFFERS: Readonly<Record<Policy, { planHash?: string; refused?: string } | undefined>> = {
  before: { planHash: 'hash-of-before' },
  other: { planHash: 'hash-of-other' },
  'no-plan': { refused: 'a Deny' },
  // The cause is not there, or nobody can say: no proposal of this incident.
  after: undefined,
  unreadable: undefined,
};

/** What a diagnosis of a failure proposes now. */
export function proposalFor(setup: Setup, policy: Policy): Proposal | undefined {
  const changes = setup.kind === 'vault-policy' || setup.kind === 'key-policy';
  const offer = changes ? OFFERS[policy] : {};
  if (!offer) return undefined;
  const [resource, owner, account] = ['arn:dr', '222222222222', '111111111111'];
  const rest = { causes: ['a-cause'], title: 'A cause', resource, owner, region: 'eu-west-1', account };
  return { ...setup, id: 'AAAAAAAAAAAAAAAA', ...rest, ask: setup.ask && 'planHash' in offer, ...offer };
}

/** What `look-again` says of the policy. */
export function seenPolicy(
  { state, planHash }: Incident,
  policy: Policy,
): Extract<IncidentEvent, { kind: 'looked' }>['policy'] {
  if (!['proposed', 'approved', 'stale', 'refused'].includes(state)) return 'unknown';
  if (policy === 'unreadable') return 'unknown';
  if (policy === 'after') return 'in-place';
  return OFFERS[policy]?.planHash === planHash ? 'as-planned' : 'changed';
}
