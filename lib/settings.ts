import { suggestion } from './suggestion';

/** Settings with a few words to choose from; the first is the default. */
const CHOICES = {
  vaultPolicy: ['approve', 'notify'],
  keyPolicy: ['approve', 'notify'],
  keyGrantee: ['role', 'account'],
  mailDetail: ['full', 'short'],
  retry: ['ask', 'auto', 'never'],
  retryScope: ['newest', 'all'],
} as const;
type ChoiceKey = keyof typeof CHOICES;
type Choice<K extends ChoiceKey> = (typeof CHOICES)[K][number];

/** What the person who deploys decides, from the CDK context (`-c key=value` or cdk.json). */
export interface Settings {
  readonly email: readonly string[];
  /** Vault ARNs: the only vaults that a fix may be proposed for. */
  readonly destinations: readonly string[];
  /** Name part of roles and stack; the hub's Region where it is not set. */
  readonly deployment?: string;
  readonly organizationId?: string;
  /** The management account, or a delegated administrator of Organizations, that has the organization reader. */
  readonly organizationAccount?: string;
  /** Accounts that own keys of recovery points, beside the hub's and those of destinations. */
  readonly keyAccounts: readonly string[];
  /** Account ids and role ARNs that may take the approver role; none: the hub's account. */
  readonly approvers: readonly string[];
  /** Whether a fix of a policy waits for a decision, or a mail only tells it. */
  readonly vaultPolicy: Choice<'vaultPolicy'>;
  readonly keyPolicy: Choice<'keyPolicy'>;
  /** Who gains the use of a key: the copy role of the destination, or its whole account. */
  readonly keyGrantee: Choice<'keyGrantee'>;
  readonly mailDetail: Choice<'mailDetail'>;
  /** Vaults out of `destinations` whose policy is changed without asking. */
  readonly autoApply: readonly string[];
  /** Whether failed copies are started again: as each decision says, always, or never. */
  readonly retry: Choice<'retry'>;
  /** The newest failed recovery point of each resource and destination, or every one. */
  readonly retryScope: Choice<'retryScope'>;
  /** Roles of the hub's account that copies may be started with: names with their paths. */
  readonly copyRoles: readonly string[];
  /** Name or ARN of a managed policy, for every role. */
  readonly permissionsBoundary?: string;
}

export interface CheckedSettings {
  readonly settings: Settings;
  /** One sentence each: key, value, what is allowed. Values with a problem are left out of `settings`. */
  readonly problems: readonly string[];
  /** One sentence for each context key that is no setting, and no key of the CDK. */
  readonly warnings: readonly string[];
}

interface Rule {
  readonly pattern: RegExp;
  /** Several values, comma separated. */
  readonly list?: true;
  readonly required?: true;
  readonly allowed: string;
}

const VAULT_ARN = /^arn:aws[a-z-]*:backup:[a-z]{2}[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}$/;

/** Role names may contain commas; here a comma ends an entry. */
const ROLE_ARN = /arn:aws[a-z-]*:iam::\d{12}:role\/([\w+=.@-]+\/)*[\w+=.@-]{1,64}/;

const DEFAULT_COPY_ROLE = 'service-role/AWSBackupDefaultServiceRole';

function choiceOf(key: ChoiceKey): Rule {
  const [first, ...others] = CHOICES[key];
  return {
    pattern: new RegExp(`^(${CHOICES[key].join('|')})$`),
    allowed: [`${first} (default)`, ...others].join(', ').replace(/, (\w+)$/, ' or $1'),
  };
}

const RULES: Record<keyof Settings, Rule> = {
  email: {
    pattern: /^[^\s@,;<>"]{1,64}@[^\s@,;<>"]+\.[^\s@,;<>".]+$/,
    list: true,
    required: true,
    allowed: 'e-mail addresses, comma separated, for example -c email=you@example.com',
  },
  destinations: {
    pattern: VAULT_ARN,
    list: true,
    required: true,
    allowed:
      'ARNs of backup vaults without wildcards, comma separated, for example ' +
      '-c destinations=arn:aws:backup:eu-west-1:222222222222:backup-vault:dr',
  },
  deployment: {
    pattern: /^[a-z0-9-]{1,24}$/,
    allowed: 'up to 24 lower case letters, digits and hyphens (default: the Region)',
  },
  organizationId: {
    pattern: /^o-[a-z0-9]{10,32}$/,
    allowed: "the organization's id, for example -c organizationId=o-a1b2c3d4e5",
  },
  organizationAccount: {
    pattern: /^\d{12}$/,
    allowed:
      'the id of the management account or of a delegated administrator, 12 digits, for example ' +
      '-c organizationAccount=999999999999',
  },
  keyAccounts: {
    pattern: /^\d{12}$/,
    list: true,
    allowed: 'account ids of 12 digits, comma separated, for example -c keyAccounts=333333333333 (default: none)',
  },
  approvers: {
    pattern: new RegExp(`^(\\d{12}|${ROLE_ARN.source})$`),
    list: true,
    allowed:
      'account ids of 12 digits and ARNs of IAM roles without wildcards, comma separated, for example ' +
      "-c approvers=222222222222,arn:aws:iam::333333333333:role/BackupAdmin (default: the deployment's account)",
  },
  vaultPolicy: choiceOf('vaultPolicy'),
  keyPolicy: choiceOf('keyPolicy'),
  keyGrantee: choiceOf('keyGrantee'),
  mailDetail: choiceOf('mailDetail'),
  autoApply: {
    pattern: VAULT_ARN,
    list: true,
    allowed: 'ARNs out of destinations, comma separated (default: none)',
  },
  retry: choiceOf('retry'),
  retryScope: choiceOf('retryScope'),
  copyRoles: {
    pattern: /^([\w+=.@-]+\/)*[\w+=.@-]{1,64}$/,
    list: true,
    allowed: `names of IAM roles of the deployment's account with their paths, comma separated (default: ${DEFAULT_COPY_ROLE})`,
  },
  permissionsBoundary: {
    pattern: /^([\w+=,.@-]{1,128}|arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,640})$/,
    allowed: 'name or ARN of a managed policy',
  },
};

/** All environment variables of a function share 4 KB; this leaves room for the others. */
const LONGEST = { destinations: 2300, copyRoles: 200, keyAccounts: 129 } as const;

const isKey = (key: string): key is keyof Settings => key in RULES;

/** Checks the settings; never throws, so that `cdk destroy` and `cdk bootstrap` work with wrong or without settings. */
export function readSettings(context: Record<string, unknown>): CheckedSettings {
  const keys = Object.keys(RULES) as (keyof Settings)[];
  const read = new Map(keys.map((key) => [key, check(key, entriesOf(key, context[key]))]));
  const all = (key: keyof Settings) => read.get(key)?.values ?? [];
  const choice = <K extends ChoiceKey>(key: K): Choice<K> =>
    CHOICES[key].find((word) => word === all(key)[0]) ?? CHOICES[key][0];
  const destinations = all('destinations');
  const autoApply = all('autoApply');
  const copyRoles = all('copyRoles');
  const keyAccounts = all('keyAccounts');
  return {
    settings: {
      email: all('email'),
      destinations,
      deployment: all('deployment')[0],
      organizationId: all('organizationId')[0],
      organizationAccount: all('organizationAccount')[0],
      keyAccounts,
      approvers: all('approvers'),
      vaultPolicy: choice('vaultPolicy'),
      keyPolicy: choice('keyPolicy'),
      keyGrantee: choice('keyGrantee'),
      mailDetail: choice('mailDetail'),
      autoApply: autoApply.filter((arn) => destinations.includes(arn)),
      retry: choice('retry'),
      retryScope: choice('retryScope'),
      copyRoles: copyRoles.length > 0 ? copyRoles : [DEFAULT_COPY_ROLE],
      permissionsBoundary: all('permissionsBoundary')[0],
    },
    problems: [
      ...[...read.values()].flatMap(({ problems }) => problems),
      ...autoApply.filter((arn) => !destinations.includes(arn)).map((arn) => problem('autoApply', arn)),
      ...(autoApply.length > 0 && choice('vaultPolicy') === 'notify' ? [CONTRADICTION] : []),
      ...tooLong('destinations', destinations, 'ARNs', 'use a second deployment for the others'),
      ...tooLong('keyAccounts', keyAccounts, 'accounts', 'use a second deployment for the others'),
      ...tooLong('copyRoles', copyRoles, 'roles', 'let copies share a role'),
      ...misspelt(context),
    ],
    warnings: unknownKeys(context),
  };
}

interface ReadValues {
  readonly values: string[];
  readonly problems: string[];
}

/** `-c a=x,y` arrives as one string, a list in cdk.json as a list. */
function entriesOf(key: keyof Settings, value: unknown): unknown[] {
  const given = (entry: unknown) => entry !== '' && entry !== undefined && entry !== null;
  if (!RULES[key].list) return [value].filter(given);
  const entries = (Array.isArray(value) ? value : [value]).flatMap((entry: unknown) =>
    typeof entry === 'string' ? entry.split(',').map((part) => part.trim()) : [entry],
  );
  return [...new Set(entries.filter(given))];
}

function check(key: keyof Settings, entries: readonly unknown[]): ReadValues {
  const { pattern, required, allowed } = RULES[key];
  if (entries.length === 0) {
    return { values: [], problems: required ? [`Setting ${key} is missing. Allowed: ${allowed}.`] : [] };
  }
  const good = (entry: unknown): entry is string => typeof entry === 'string' && pattern.test(entry);
  return {
    values: entries.filter(good),
    problems: entries.filter((entry) => !good(entry)).map((entry) => problem(key, entry)),
  };
}

const CONTRADICTION =
  'Setting autoApply has vaults whose policy is changed without asking, and setting vaultPolicy has the value "notify", ' +
  'by which no vault is changed. Allowed: one of the two.';

function problem(key: keyof Settings, value: unknown): string {
  // JSON takes digits without quotes for a number.
  const quoted = typeof value === 'number' ? ` In cdk.json it has to be a text in quotes: "${value}".` : '';
  return `Setting ${key} has the value ${show(value)}. Allowed: ${RULES[key].allowed}.${quoted}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function tooLong(key: keyof typeof LONGEST, values: readonly string[], what: string, otherwise: string): string[] {
  const { length } = values.join(',');
  if (length <= LONGEST[key]) return [];
  return [
    `Setting ${key} has ${values.length} ${what}, ${length} characters together. ` +
      `Allowed: ${LONGEST[key]} characters; ${otherwise}.`,
  ];
}

/** What the CDK CLI itself keeps in the context; its other keys contain `:`, `/` or `@`. */
const CDK_KEYS: readonly string[] = ['cli-telemetry', 'acknowledged-issue-numbers', 'cdk-migrate'];

const othersOf = (context: Record<string, unknown>): string[] =>
  Object.keys(context).filter((key) => !isKey(key) && !/[:@/]/.test(key) && !CDK_KEYS.includes(key));

const meant = (key: string) => suggestion(key, Object.keys(RULES));

/** A misspelt key would otherwise be ignored in silence. */
const misspelt = (context: Record<string, unknown>): string[] =>
  othersOf(context).flatMap((key) => {
    const other = meant(key);
    return other ? [`Setting ${key} is not known. Did you mean ${other}?`] : [];
  });

/** No error: ~/.cdk.json may hold keys of other apps. */
const unknownKeys = (context: Record<string, unknown>): string[] =>
  othersOf(context)
    .filter((key) => !meant(key))
    .map(
      (key) =>
        `The context key ${show(key)} is no setting of Copy Doctor and changes nothing here. ` +
        `Settings: ${Object.keys(RULES).join(', ')}.`,
    );
