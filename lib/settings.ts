import { suggestion } from './suggestion';

/** What the person who deploys decides, from the CDK context (`-c key=value` or cdk.json). */
export interface Settings {
  readonly email: readonly string[];
  /** Vault ARNs: the only vaults that a fix may be proposed for. */
  readonly destinations: readonly string[];
  /** Name part of roles and stack; the hub's Region where it is not set. */
  readonly deployment?: string;
  readonly organizationId?: string;
  /** Name or ARN of a managed policy, for every role. */
  readonly permissionsBoundary?: string;
}

export interface CheckedSettings {
  readonly settings: Settings;
  /** One sentence each: key, value, what is allowed. Values with a problem are left out of `settings`. */
  readonly problems: readonly string[];
}

interface Rule {
  readonly pattern: RegExp;
  readonly list: boolean;
  readonly required: boolean;
  readonly allowed: string;
}

const VAULT_ARN = /^arn:aws[a-z-]*:backup:[a-z]{2}[a-z0-9-]+:\d{12}:backup-vault:[A-Za-z0-9_-]{2,50}$/;

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
    list: false,
    required: false,
    allowed: 'up to 24 lower case letters, digits and hyphens (default: the Region)',
  },
  organizationId: {
    pattern: /^o-[a-z0-9]{10,32}$/,
    list: false,
    required: false,
    allowed: "the organization's id, for example -c organizationId=o-a1b2c3d4e5",
  },
  permissionsBoundary: {
    pattern: /^([\w+=,.@-]{1,128}|arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,640})$/,
    list: false,
    required: false,
    allowed: 'name or ARN of a managed policy',
  },
};

/** All environment variables of a function share 4 KB; this leaves room for the others. */
const LONGEST_DESTINATIONS = 3000;

const isKey = (key: string): key is keyof Settings => key in RULES;

/** Checks the settings; never throws, so that `cdk destroy` and `cdk bootstrap` work with wrong or without settings. */
export function readSettings(context: Record<string, unknown>): CheckedSettings {
  const email = readList('email', context.email);
  const destinations = readList('destinations', context.destinations);
  const deployment = readText('deployment', context.deployment);
  const organizationId = readText('organizationId', context.organizationId);
  const permissionsBoundary = readText('permissionsBoundary', context.permissionsBoundary);
  return {
    settings: {
      email: email.values,
      destinations: destinations.values,
      deployment: deployment.values[0],
      organizationId: organizationId.values[0],
      permissionsBoundary: permissionsBoundary.values[0],
    },
    problems: [
      ...[email, destinations, deployment, organizationId, permissionsBoundary].flatMap((read) => read.problems),
      ...tooLong(destinations.values),
      ...unknownKeys(context),
    ],
  };
}

interface ReadValues {
  readonly values: string[];
  readonly problems: string[];
}

/** `-c a=x,y` arrives as one string, a list in cdk.json as a list. */
function readList(key: keyof Settings, value: unknown): ReadValues {
  const entries = (Array.isArray(value) ? value : [value]).flatMap((entry: unknown) =>
    typeof entry === 'string' ? entry.split(',').map((part) => part.trim()) : [entry],
  );
  return check(key, [...new Set(entries.filter((entry) => entry !== '' && entry !== undefined && entry !== null))]);
}

function readText(key: keyof Settings, value: unknown): ReadValues {
  return check(key, value === undefined || value === null || value === '' ? [] : [value]);
}

function check(key: keyof Settings, entries: readonly unknown[]): ReadValues {
  const { pattern, required, allowed } = RULES[key];
  if (entries.length === 0) {
    return { values: [], problems: required ? [`Setting ${key} is missing. Allowed: ${allowed}.`] : [] };
  }
  const good = (entry: unknown): entry is string => typeof entry === 'string' && pattern.test(entry);
  return {
    values: entries.filter(good),
    problems: entries
      .filter((entry) => !good(entry))
      .map((entry) => `Setting ${key} has the value ${show(entry)}. Allowed: ${allowed}.`),
  };
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function tooLong(destinations: readonly string[]): string[] {
  const length = destinations.join(',').length;
  if (length <= LONGEST_DESTINATIONS) return [];
  return [
    `Setting destinations has ${destinations.length} ARNs, ${length} characters together. ` +
      `Allowed: ${LONGEST_DESTINATIONS} characters; use a second deployment for the others.`,
  ];
}

/** A misspelt key would otherwise be ignored in silence. The CDK's own keys contain `:` or `@`. */
function unknownKeys(context: Record<string, unknown>): string[] {
  return Object.keys(context)
    .filter((key) => !isKey(key) && !/[:@/]/.test(key))
    .flatMap((key) => {
      const meant = suggestion(key, Object.keys(RULES));
      return meant ? [`Setting ${key} is not known. Did you mean ${meant}?`] : [];
    });
}
