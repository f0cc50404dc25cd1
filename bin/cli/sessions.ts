import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { parseArn } from '../../lambda/core/arn';
import { NotReadableError, type Credentials, type CredentialsOf } from '../../lambda/aws/readers';
import { asking, awsError, errorCode } from './aws-errors';
import { names } from '../../lib/names';
import { CliError, environmentOf, EXIT, type Io } from './io';

export interface CredentialOptions {
  readonly region?: string;
  readonly account?: string;
  readonly profile?: string;
  readonly sourceProfile?: string;
  readonly destinationProfile?: string;
  readonly organizationProfile?: string;
  readonly keyProfile?: string;
  readonly sourceRoleArn?: string;
  readonly destinationRoleArn?: string;
  readonly organizationRoleArn?: string;
  readonly keyRoleArn?: string;
}

export interface Session {
  readonly credentials: Credentials;
  readonly account: string;
  readonly partition: string;
  readonly region: string;
}

const CREDENTIALS_NOT_GIVEN = 'CredentialsNotGiven';
const CREDENTIALS_NOT_USABLE = 'CredentialsNotUsable';

/** The Region as the AWS CLI finds it: option, environment, profile. */
export async function regionOf(io: Io, options: { region?: string; profile?: string }): Promise<string> {
  const env = environmentOf(io);
  const given = options.region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'];
  if (given) return given;
  try {
    return await new STSClient(options.profile ? { profile: options.profile } : {}).config.region();
  } catch {
    throw new CliError('no Region: add --region, for example --region eu-west-1, or set AWS_REGION');
  }
}

/** Credentials of the source account, and whose they are. */
export async function sourceSession(io: Io, options: CredentialOptions): Promise<Session> {
  const { profile, sourceProfile, sourceRoleArn, account } = options;
  const region = await regionOf(io, { region: options.region, profile: sourceProfile ?? profile });
  const base = baseCredentials(options);
  const credentials = sourceRoleArn ? assumed(sourceRoleArn, base, region) : base;
  const identity = await asking(
    `sts:GetCallerIdentity with the source credentials${describe(options)}`,
    () => identityOf(credentials, region),
    sourceProfile ?? profile,
  );
  if (account && account !== identity.account) {
    throw new CliError(
      `the source credentials are of account ${identity.account}, not ${account}: choose others with --profile or --source-role-arn`,
    );
  }
  return { ...sessionOf(identity), credentials, region };
}

/** Where a deployment is, as the mails' commands say it. */
export interface HubAsked {
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  readonly profile?: string | undefined;
  /** Name part of the deployment's roles; default: the Region. */
  readonly deployment?: string | undefined;
}

/**
 * Credentials of the deployment's account: the caller's own, or those of the role for people of other accounts. Its
 * session is named after the caller, since that name is what a decision records.
 */
export async function hubSession(io: Io, { profile, account, deployment, ...given }: HubAsked): Promise<Session> {
  const region = await regionOf(io, { region: given.region, profile });
  const base = chain(profile);
  const as = profile ? ` (profile ${profile})` : '';
  const caller = await asking(
    `sts:GetCallerIdentity with your credentials${as}`,
    () => identityOf(base, region),
    profile,
  );
  if (account === undefined || account === caller.account) return { ...sessionOf(caller), credentials: base, region };
  const role = `arn:${caller.partition}:iam::${account}:role/${names(deployment ?? region).approver}`;
  const credentials = kept(assumed(role, base, region, sessionNameOf(caller.arn)));
  try {
    return { ...sessionOf(await identityOf(credentials, region)), credentials, region };
  } catch (error) {
    if (!/^AccessDenied/.test(errorCode(error))) throw awsError(`sts:AssumeRole of ${role}`, error);
    throw new CliError(
      `your credentials${as} are of account ${caller.account}, the deployment is in ${account}, and you may not take the role ${role}: ` +
        `use a profile of account ${account}, or let the deployment's setting "approvers" name account ${caller.account} or your role, and allow yourself sts:AssumeRole of it`,
      EXIT.notWorking,
      { cause: error },
    );
  }
}

/** Credentials of a role, taken once for all calls of a command, and again before they end. */
function kept(credentials: Session['credentials']): Session['credentials'] {
  if (typeof credentials !== 'function') return credentials;
  let taken: Awaited<ReturnType<typeof credentials>> | undefined;
  return async () => {
    const ends = taken?.expiration?.getTime() ?? Infinity;
    if (!taken || ends - Date.now() < 5 * 60_000) taken = await credentials();
    return taken;
  };
}

const sessionOf = ({ account, partition }: Pick<Session, 'account' | 'partition'>) => ({ account, partition });

/** `<account>+<role or user>+<session>`, as far as AWS takes it. */
function sessionNameOf(callerArn: string): string {
  const { account = '', resource = '' } = parseArn(callerArn) ?? {};
  const name = [account, ...resource.split('/').slice(1)].join('+') || 'copy-doctor-cli';
  return name.replace(/[^\w+=,.@-]/g, '-').slice(0, 64);
}

const describe = ({ profile, sourceProfile, sourceRoleArn }: CredentialOptions): string => {
  const parts = [(sourceProfile ?? profile) ? `profile ${sourceProfile ?? profile}` : '', sourceRoleArn ?? ''].filter(
    Boolean,
  );
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
};

const chain = (profile: string | undefined) => fromNodeProviderChain(profile ? { profile } : {});

const baseCredentials = ({ profile, sourceProfile }: CredentialOptions) => chain(sourceProfile ?? profile);

function assumed(
  RoleArn: string,
  masterCredentials: Session['credentials'],
  region: string,
  RoleSessionName = 'copy-doctor-cli',
): Session['credentials'] {
  return fromTemporaryCredentials({
    masterCredentials,
    params: { RoleArn, RoleSessionName, DurationSeconds: 3600 },
    clientConfig: { region },
  });
}

async function identityOf(credentials: Session['credentials'], region: string) {
  const { Account = '', Arn = '' } = await new STSClient({ region, credentials }).send(
    new GetCallerIdentityCommand({}),
  );
  return { account: Account, partition: parseArn(Arn)?.partition ?? 'aws', arn: Arn };
}

type Whose = 'destination' | 'organization' | 'key';
type Other = { readonly credentials: Session['credentials']; readonly account: string } | { readonly reason: string };

/**
 * The source account's credentials, and other accounts' where they were given; each missing one is told once. The
 * organization's are used for what is asked about the organization, and for nothing else.
 */
export async function credentialsOf(io: Io, source: Session, options: CredentialOptions): Promise<CredentialsOf> {
  const told = new Set<string>();
  const tell = (account: string, code: string, message: string): NotReadableError => {
    if (!told.has(account)) io.stderr.write(`copy-doctor: warning: account ${account} is not read: ${message}\n`);
    told.add(account);
    return new NotReadableError(code, message);
  };
  const given = (['destination', 'key'] as const).filter((whose) => isGiven(whose, options));
  let others: Promise<readonly Other[]> | undefined;
  const organization = isGiven('organization', options)
    ? await otherSession('organization', source.region, options)
    : undefined;
  if (organization && 'reason' in organization) {
    io.stderr.write(`copy-doctor: warning: the organization is not asked: ${organization.reason}\n`);
  }
  const asked = organization && 'account' in organization ? organization : undefined;

  const credentialsFor: CredentialsOf = async ({ account, asOrganization }) => {
    if (asOrganization && asked) return asked.credentials;
    if (account === source.account) return source.credentials;
    others ??= Promise.all(given.map((whose) => otherSession(whose, source.region, options)));
    const sessions = await others;
    for (const one of sessions) if ('account' in one && one.account === account) return one.credentials;
    const unusable = sessions.find((one) => 'reason' in one);
    if (unusable) throw tell(account, CREDENTIALS_NOT_USABLE, unusable.reason);
    throw tell(account, CREDENTIALS_NOT_GIVEN, noneOf(account, given, sessions));
  };
  return Object.assign(credentialsFor, { organizationAccount: asked?.account });
}

function noneOf(account: string, given: readonly Whose[], sessions: readonly Other[]): string {
  const found = sessions.flatMap((one, index) =>
    'account' in one ? [`the ${given[index]} credentials are of account ${one.account}`] : [],
  );
  const next =
    'add --destination-profile or --destination-role-arn, or, where it only owns a key, --key-profile or --key-role-arn';
  return [...found, `no credentials given for account ${account}: ${next}`].join(', ');
}

const profileOf = (whose: Whose, options: CredentialOptions) => options[`${whose}Profile`];
const roleOf = (whose: Whose, options: CredentialOptions) => options[`${whose}RoleArn`];
const isGiven = (whose: Whose, options: CredentialOptions) =>
  profileOf(whose, options) !== undefined || roleOf(whose, options) !== undefined;

async function otherSession(whose: Whose, region: string, options: CredentialOptions): Promise<Other> {
  const [profile, role] = [profileOf(whose, options), roleOf(whose, options)];
  // A role is assumed by the account's own profile where one is given, else by the caller as it was before any other role.
  const base = profile ? chain(profile) : baseCredentials(options);
  const credentials = role ? assumed(role, base, region) : base;
  try {
    return { credentials, account: (await identityOf(credentials, region)).account };
  } catch (error) {
    const what = role ? `sts:AssumeRole of ${role}` : `profile ${profile}`;
    return { reason: awsError(`the ${whose} credentials (${what})`, error, profile).message || errorCode(error) };
  }
}
