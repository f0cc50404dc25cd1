import { parseArn } from '../arn';
import { anyOf, listOf, maybe, NO, tri, YES } from './tri';
import type { Tri } from './tri';
import type { Principal, RequestPrincipal, Statement } from './policy';

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

/** How one entry of a Principal element relates to who asks. */
type Relation = 'everyone' | 'account' | 'self' | 'maybe' | 'none';

interface Entry {
  readonly type: string;
  readonly value: string;
}

/**
 * When a principal is deleted, the policy keeps its unique id, which matches nobody ever after - also not a new role
 * of the same name. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
 */
const UNIQUE_ID = /^A(ROA|IDA|GPA|IPA|NPA|NVA|KIA|SIA|BIA|CCA|PKA|SCA)[A-Z0-9]{8,}(:.*)?$/s;

/** Principal or NotPrincipal of a statement. */
export function principalApplies(statement: Statement, who: RequestPrincipal): Tri {
  if (statement.Principal !== undefined) {
    return anyOf(entriesOf(statement.Principal), (entry) => named(entry, who));
  }
  if (statement.NotPrincipal === undefined) return maybe('missing Principal');
  return notPrincipal(entriesOf(statement.NotPrincipal), statement.Effect, who);
}

function entriesOf(principal: Principal): Entry[] {
  // `"Principal": "*"` and `{"AWS": "*"}` are documented as the same.
  if (typeof principal === 'string') return [{ type: 'AWS', value: principal }];
  const entries: Entry[] = [];
  for (const type of Object.keys(principal)) for (const value of listOf(principal[type])) entries.push({ type, value });
  return entries;
}

function named(entry: Entry, who: RequestPrincipal): Tri {
  const is = relation(entry, who);
  if (is === 'maybe') return maybe(`principal ${entry.value}`);
  return tri(is !== 'none');
}

/**
 * NotPrincipal with Deny. What AWS says, and where it stops:
 * - the account's ARN must be listed too, otherwise "the policy might deny access to the entire account";
 * - an account alone does not exempt its roles for sure (the account, then the role may be validated);
 * - a principal with a permissions boundary is denied whatever NotPrincipal lists.
 * So listed in full, and known to have no boundary, is exempt; not listed at all is denied; between the two we do
 * not know. With Allow the element "is not supported": who is listed is certainly not allowed by it, nothing else is
 * certain. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
function notPrincipal(entries: readonly Entry[], effect: Statement['Effect'], who: RequestPrincipal): Tri {
  const relations = new Set(entries.map((entry) => relation(entry, who)));
  const asked = who.service ?? who.arn ?? who.account;
  const open = maybe(`NotPrincipal for ${asked}`);

  const isRoot = who.arn !== undefined && who.arn.endsWith(':root');
  const boundary = who.service === undefined && !isRoot && effect === 'Deny' ? who.hasPermissionsBoundary : false;
  if (boundary === true) return YES;
  const inFull =
    who.service === undefined ? relations.has('account') && (isRoot || relations.has('self')) : relations.has('self');
  if (inFull || relations.has('everyone')) return boundary === false ? NO : maybe(`permissions boundary of ${asked}`);
  const unlisted = !relations.has('account') && !relations.has('self') && !relations.has('maybe');
  return unlisted && effect === 'Deny' ? YES : open;
}

function relation({ type, value }: Entry, who: RequestPrincipal): Relation {
  switch (type) {
    case 'AWS':
      return awsRelation(value, who);
    case 'Service':
      return serviceRelation(value, who);
    case 'Federated':
    case 'CanonicalUser':
      // A web identity or SAML session is no IAM role, and canonical ids are for S3 only.
      return 'none';
    default:
      return 'maybe';
  }
}

function serviceRelation(value: string, who: RequestPrincipal): Relation {
  if (who.service === undefined) return 'none';
  if (value === who.service) return 'self';
  // `backup.amazonaws.com.cn`, `backup.eu-west-1.amazonaws.com`: the same service by another name, perhaps.
  return value === '*' || value.split('.')[0] === who.service.split('.')[0] ? 'maybe' : 'none';
}

/** There are no wildcards in principals but the lone `*`: `role/*` names a role called `*`, that is, nobody. */
function awsRelation(value: string, who: RequestPrincipal): Relation {
  if (value === '*') return 'everyone';
  // A service that calls as itself belongs to no account.
  if (who.service !== undefined) return 'none';
  if (value === who.arn && !value.endsWith(':root')) return 'self';
  if (/^\d{12}$/.test(value)) return value === who.account ? 'account' : 'none';
  if (UNIQUE_ID.test(value)) return 'none';

  const arn = parseArn(value);
  if (arn === undefined) return 'maybe';
  if (arn.account !== who.account) return 'none';
  if (arn.service !== 'iam' && arn.service !== 'sts') return 'maybe';
  if (arn.service === 'iam' && arn.resource === 'root') return 'account';
  if (who.arn === undefined) return 'maybe';
  if (value === who.arn) return 'self';
  return sameRoleOtherForm(value, who.arn) ? 'maybe' : 'none';
}

/**
 * A role and one of its sessions: the session may or may not be the one that calls. A session's ARN has the role's
 * name without its path, so also a role of another path is a "perhaps".
 */
function sameRoleOtherForm(a: string, b: string): boolean {
  const [one, other] = [roleOf(a), roleOf(b)];
  if (one === undefined || other === undefined) return false;
  return one.session !== other.session && one.name === other.name;
}

function roleOf(text: string): { readonly name: string; readonly session: boolean } | undefined {
  const parts = parseArn(text)?.resource.split('/') ?? [];
  const session = parts[0] === 'assumed-role';
  const name = session ? parts[1] : parts.at(-1);
  return name !== undefined && (session || parts[0] === 'role') ? { name, session } : undefined;
}
