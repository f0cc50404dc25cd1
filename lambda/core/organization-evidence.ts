import { parseArn } from './arn';
import { objectAt, placeOf, readAt, textAt, type Evidence, type Read } from './evidence';

/** What the organization says of one of its accounts. */
export interface DescribedAccount {
  /** Undefined: the account's ARN names none. */
  readonly organization: { readonly id: string; readonly managementAccount: string } | undefined;
  readonly arn: string;
  /** As `aws:PrincipalOrgPaths` has them: `o-…/r-…/ou-…/`. Undefined: not in the answer. */
  readonly paths: readonly string[] | undefined;
}

/**
 * Asked by the organization reader, in the management account or in a delegated administrator's; a case file may hold it
 * as the organization's. `AccountNotFoundException` stays an error here.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeAccount.html
 */
export function describedAccount(evidence: Evidence, account: string): Read<DescribedAccount> {
  const asked = Object.keys(evidence.responses).find(
    (key) => key.startsWith('organizations:DescribeAccount@') && key.endsWith(`#${account}`),
  );
  const [, where, region] = /@(\d{12})\/([^#]+)/.exec(asked ?? '') ?? [];
  const place = where && region ? { account: where, region } : placeOf(evidence, 'organization');
  const found = readAt(evidence, 'organizations:DescribeAccount', place, account, 'organization');
  if (!found.ok) return found;
  const described = objectAt(found.value, 'Account') ?? {};
  const arn = textAt(described, 'Arn') ?? '';
  const [, id = '', its] = /^account\/(o-[a-z0-9]+)\/(\d{12})$/.exec(parseArn(arn)?.resource ?? '') ?? [];
  const paths = described['Paths'];
  return {
    ok: true,
    value: {
      arn,
      organization: its === account ? { id, managementAccount: parseArn(arn)?.account ?? '' } : undefined,
      paths: Array.isArray(paths) ? paths.map((path) => unitOf(String(path), account)) : undefined,
    },
  };
}

/** AWS ends the path of an account with its id, which the condition key does not have. */
const unitOf = (path: string, account: string) => (path.endsWith(`/${account}/`) ? path.slice(0, -13) : path);
