import { EXAMPLE_SETTINGS, synthesizeHub, type SynthesizedHub } from '../../lib/synthesize';
import { evaluate, type Decision } from '../sandbox/matcher';
import { Resolver } from '../sandbox/demo/templates';

export const ENV = { account: '111111111111', region: 'eu-west-1' };

export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Principal?: { readonly AWS: string | string[] };
  readonly Condition?: unknown;
}

export interface RoleProperties {
  readonly RoleName: string;
  readonly PermissionsBoundary?: unknown;
  readonly AssumeRolePolicyDocument: { readonly Statement: readonly Statement[] };
  readonly Policies: readonly { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }[];
}

/** The hub's template as it would be deployed; `Ref` and `Fn::GetAtt` of a resource give its logical id. */
export function deployedHub(settings: Record<string, unknown> = {}) {
  const hub = synthesizeHub({ ...EXAMPLE_SETTINGS, ...settings }, ENV);
  const resolver = new Resolver(hub.template, { ...ENV, ref: (id) => id, attribute: (id) => id });
  const resources = <T>(type: string): readonly T[] => resolver.resources<T>(type).map(([, properties]) => properties);
  const roles = resources<RoleProperties>('AWS::IAM::Role');
  return {
    ids: hub.ids,
    resolver,
    resources,
    roles,
    role(end: string): RoleProperties {
      const found = roles.find(({ RoleName }) => RoleName.endsWith(end));
      if (!found) throw new Error(`no role ${end}`);
      return found;
    },
    properties: <T>(id: string): T => resolver.value(resourceOf(hub, id).Properties) as T,
  };
}

function resourceOf({ template }: SynthesizedHub, id: string) {
  const found = template.Resources[id];
  if (!found) throw new Error(`no resource ${id}`);
  return found;
}

export const statementsOf = (role: RoleProperties): readonly Statement[] =>
  role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

export const sidsAndActions = (statements: readonly Statement[]): Record<string, string[]> =>
  Object.fromEntries(
    statements.map(({ Sid, Effect, Action }) => [Effect === 'Deny' ? `${Sid} (deny)` : Sid, [Action].flat().sort()]),
  );

/** What IAM says to a request, by the sandbox's matcher. */
export function decide(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: Record<string, string | string[]> = {},
): Decision {
  return evaluate([{ Version: '2012-10-17', Statement: statements }], { action, resource, context });
}
