import type { Decision, PolicyDocument, PolicyRequest } from '../../../lambda/core/policy/policy';

/** Of @cloud-copilot/iam-simulate: one decision, without looking actions and keys up in a catalogue. */
export interface Engine {
  runUnsafeSimulation(simulation: object, options: object): string;
}

/** A policy, and who asks it for what. */
export interface Pair {
  readonly policy: PolicyDocument;
  readonly request: PolicyRequest;
}

const ALLOW_ALL = {
  name: 'all',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};
/** Nobody's account: every request is one across accounts, where the resource's own policy must allow. */
const ELSEWHERE = '000000000000';

export type Answer = Exclude<Decision, 'CannotTell'>;

/** What the engine makes of the resource's policy alone: the asking identity may do everything. */
export const ask = (engine: Engine, pair: Pair): Answer => engine.runUnsafeSimulation(simulationOf(pair), {}) as Answer;

export function simulationOf({ policy, request }: Pair): object {
  const { principal, action, resource, context } = request;
  return {
    request: {
      principal: principal.service ?? principal.arn ?? `arn:aws:iam::${principal.account}:root`,
      action,
      resource: { resource, accountId: ELSEWHERE },
      contextVariables: contextOf(context),
    },
    identityPolicies: [ALLOW_ALL],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    // As a policy that was validated: this entry forgets to name the others, and fails for want of the name.
    resourcePolicy: {
      __validated: true,
      errors: [],
      metadata: { name: 'resource' },
      policyDocument: withTexts(policy),
    },
    ...(principal.hasPermissionsBoundary ? { permissionBoundaryPolicies: [ALLOW_ALL] } : {}),
  };
}

/** It tells one value from a list of one, which AWS does not; and knows no list of none. */
function contextOf(context: PolicyRequest['context']): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(context).flatMap(([key, value]) => {
      if (value === null || (typeof value === 'object' && value.length === 0)) return [];
      if (typeof value === 'string') return [[key, value]];
      return [[key, value.length === 1 ? (value[0] ?? '') : [...value]]];
    }),
  );
}

/** It takes condition values as texts only. */
const withTexts = (policy: PolicyDocument): unknown =>
  JSON.parse(
    JSON.stringify(policy, (_, value: unknown) =>
      typeof value === 'boolean' || typeof value === 'number' ? String(value) : value,
    ),
  );
