import { InvalidArgumentError } from 'commander';
import { CliError } from './io';

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `24h`, `90m`, `7d` in milliseconds; AWS keeps a job for 30 days. */
export function timeSpan(text: string): number {
  const match = /^(\d{1,5})([mhd])$/.exec(text);
  const span = Number(match?.[1] ?? 0) * (UNITS[match?.[2] ?? ''] ?? 0);
  if (span === 0)
    throw new CliError(`--last ${text} is not a time span: write minutes, hours or days, as 90m, 24h or 7d`);
  if (span > 30 * 86_400_000) {
    throw new CliError(`--last ${text} is longer than AWS Backup keeps copy jobs: write at most 30d`);
  }
  return span;
}

const matching = (pattern: RegExp, wanted: string) => (value: string) => {
  if (pattern.test(value)) return value;
  throw new InvalidArgumentError(wanted);
};

export const account = matching(/^\d{12}$/, 'An account id has 12 digits.');
export const region = matching(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'A Region looks like eu-west-1.');
export const roleArn = matching(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  'A role ARN looks like arn:aws:iam::222222222222:role/reader.',
);
