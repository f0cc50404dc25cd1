import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { parseArn } from '../arn';
import type { Cause, Diagnosis } from '../diagnose';
import type { Evidence } from '../evidence';
import { isFullyManaged } from '../feature-table';
import type { PlanResult, PlanSettings } from '../plan/plan';
import { planFixes } from '../plan/plan-fix';
import { masked } from '../messages/mask';
import { mail } from '../text/en/mail';
import { appliesUnasked } from './auto';
import { appliesBy, asks } from './decide';
import type { Proposal } from './incident';
import { ownCauses } from './own-causes';

/** One incident's part of a diagnosis: its proposal, and the plan behind it. */
export interface Proposed {
  readonly proposal: Proposal;
  /** Absent where no policy would cure the cause. */
  readonly planned?: PlanResult;
}

/**
 * What a diagnosis opens or joins: one proposal a cause and resource. Two causes in one document are one proposal with
 * one plan; causes that only AWS's message points to are one, since nothing tells them apart.
 */
export function proposalsOf(evidence: Evidence, diagnosis: Diagnosis, settings: PlanSettings): readonly Proposed[] {
  const { copy } = diagnosis;
  if (diagnosis.drill) return [{ proposal: drillOf(diagnosis) }];
  const plans = planFixes(evidence, diagnosis, settings);
  const planned = plans.map((plan) => ofPlan(plan, evidence, diagnosis, settings));
  const inPlans = plans.map((plan) => (plan.ok ? plan.plan : plan));
  const covered = new Set(inPlans.flatMap((plan) => ownCauses(plan, diagnosis.causes)));
  const rest = diagnosis.causes.filter((cause) => !covered.has(cause));
  const byMessage = rest.filter(({ byMessageOnly }) => byMessageOnly);
  const others = rest.filter(({ byMessageOnly }) => !byMessageOnly);
  return [
    ...planned,
    ...others.map((cause) => ({
      // What nobody knows is told apart by its text alone.
      proposal: ofCauses(
        [cause],
        diagnosis,
        settings,
        cause.id === 'uncatalogued' ? masked(copy.statusMessage ?? '') : '',
      ),
    })),
    ...(byMessage.length > 0 ? [{ proposal: ofCauses(byMessage, diagnosis, settings) }] : []),
  ];
}

function ofPlan(planned: PlanResult, evidence: Evidence, diagnosis: Diagnosis, settings: PlanSettings): Proposed {
  const { copy } = diagnosis;
  const { kind, resource, causes } = planned.ok ? planned.plan : planned;
  const [first] = ownCauses({ causes, resource }, diagnosis.causes);
  const account = kind === 'vault-policy' ? copy.sourceAccount : copy.destinationAccount;
  // Fully managed types need other statements for the same key: in one incident each would replace the other's plan.
  const fullyManaged = kind === 'key-policy' && isFullyManaged(copy.resourceType) === true;
  // Copies that no policy opens do not take the place of a plan for others.
  const part = !planned.ok && planned.ofType ? '#not-by-policy' : fullyManaged ? '#fully-managed' : '';
  return {
    planned,
    proposal: {
      id: idOf(kind, `${resource}${part}`, account),
      kind,
      causes,
      title: first?.title ?? '',
      resource,
      owner: planned.ok ? planned.plan.owner : (first?.owner ?? copy.destinationAccount),
      region: regionOf(resource) ?? copy.destinationRegion,
      account,
      ask: asks(planned, settings),
      ...(planned.ok
        ? { planHash: planned.plan.hash, applies: appliesBy(planned), ...retryOf(settings) }
        : { refused: planned.reason }),
      ...(planned.ok && appliesUnasked(evidence, diagnosis, planned.plan, settings).ok ? { auto: true } : {}),
    },
  };
}

/** Of what can be mended here or passes by itself; nothing else is copied again. */
const retryOf = ({ retry }: PlanSettings): Pick<Proposal, 'retry'> => (retry === undefined ? {} : { retry });

function ofCauses(causes: readonly Cause[], { copy }: Diagnosis, settings: PlanSettings, extra = ''): Proposal {
  const [first] = causes;
  const ids = causes.map(({ id }) => id);
  const resource = first?.resource ?? copy.destinationVaultArn;
  const owner = first?.owner ?? copy.destinationAccount;
  // A copy has two accounts: what one owns is needed by the other.
  const account = owner === copy.sourceAccount ? copy.destinationAccount : copy.sourceAccount;
  const passes = causes.every(({ fix }) => fix === 'retry-later');
  return {
    id: idOf([...ids].sort().join('+'), `${resource}${extra}`, account),
    kind: passes ? 'retry-later' : 'manual',
    causes: ids,
    title: titleOf(causes),
    resource,
    owner,
    // Within one account the owner does not tell on which side it is.
    region: regionOf(resource) ?? (owner === copy.sourceAccount ? copy.sourceRegion : copy.destinationRegion),
    account,
    ask: false,
    ...(passes ? retryOf(settings) : {}),
  };
}

/** What is not settled is no fact, wherever the title stands alone. */
function titleOf(causes: readonly Cause[]): string {
  const [first] = causes;
  if (!first) return '';
  if (first.byMessageOnly && causes.length > 1) return mail.severalFrom(causes.length, first.title);
  return first.confidence === 'possible' && first.id !== 'uncatalogued' ? mail.possiblyAlone(first.title) : first.title;
}

const regionOf = (resource: string): string | undefined => parseArn(resource)?.region || undefined;

/** Practice is kept apart from every real incident. */
function drillOf({ copy, causes }: Diagnosis): Proposal {
  return {
    id: idOf('drill', copy.copyJobId, copy.sourceAccount),
    kind: 'drill',
    causes: causes.map(({ id }) => id),
    title: titleOf(causes),
    resource: copy.destinationVaultArn,
    owner: copy.destinationAccount,
    region: copy.destinationRegion,
    account: copy.sourceAccount,
    ask: false,
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The first 80 bits of the fingerprint's SHA-256 in base 32 (RFC 4648): 16 characters. */
export function idOf(kind: string, resource: string, account: string): string {
  const bytes = sha256(utf8ToBytes(JSON.stringify([kind, resource, account]))).slice(0, 10);
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => ALPHABET[Number.parseInt(five, 2)]).join('');
}

export const INCIDENT_ID = /^[A-Z2-7]{16}$/;
