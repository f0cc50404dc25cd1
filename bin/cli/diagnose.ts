import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readCaseFile } from '../../lambda/core/case-file';
import type { Reading } from '../../lambda/core/copy-failure';
import type { Evidence } from '../../lambda/core/evidence';
import type { Plan, PlanResult, PlanSettings } from '../../lambda/core/plan/plan';
import { planFixes } from '../../lambda/core/plan/plan-fix';
import { reportOn, resultJson, type Report } from '../../lambda/core/report';
import { arg } from '../../lambda/core/text/en/policy-words';
import { CliError, EXIT, printJson, progress, styles, type Io } from './io';
import { readJsonFile } from './input-file';
import type { CredentialOptions } from './sessions';
import { summaryTable } from './summary-table';
import { timeSpan } from './values';

export interface DiagnoseOptions extends CredentialOptions {
  readonly case?: string;
  readonly saveCase?: string;
  readonly last?: string;
  readonly json?: boolean;
}

export interface Diagnosed {
  readonly jobId: string;
  readonly report: Report;
  readonly plans: readonly PlanResult[];
}

export async function diagnose(io: Io, jobId: string | undefined, options: DiagnoseOptions): Promise<number> {
  checkTogether(jobId, options);
  if (options.case !== undefined) return replay(io, options.case, options);
  if (options.last !== undefined) return diagnoseLast(io, options.last, options);
  return diagnoseJob(io, jobId ?? '', options);
}

/** One thing to diagnose, and nothing beside it that would be ignored. */
function checkTogether(jobId: string | undefined, options: DiagnoseOptions): void {
  const given = [jobId === undefined ? '' : 'a copy job id', options.case && '--case', options.last && '--last'].filter(
    Boolean,
  );
  if (given.length === 0) {
    throw new CliError(
      'nothing to diagnose: name a copy job id, --last 24h, or --case FILE (see `npx --no-install copy-doctor diagnose --help`)',
    );
  }
  if (given.length > 1) throw new CliError(`${given.join(' and ')} do not go together: give one of them`);
  if (jobId !== undefined && !/^[\w-]{1,128}$/.test(jobId)) {
    throw new CliError(
      `"${jobId.slice(0, 80)}" is not a copy job id: it looks like 1a2b3c4d-5678-90ab-cdef-1234567890ab; the copy jobs page of AWS Backup and the mail hold it`,
    );
  }
  const { profile, sourceProfile } = options;
  if (profile && sourceProfile && profile !== sourceProfile) {
    throw new CliError('--profile and --source-profile mean the same and differ here: leave one out');
  }
  if (options.saveCase !== undefined) {
    if (jobId === undefined) throw new CliError('--save-case saves the diagnosis of one copy job: name its id');
    const folder = dirname(resolve(options.saveCase));
    if (!existsSync(folder))
      throw new CliError(`--save-case ${options.saveCase}: there is no folder ${folder}; make it first`);
  }
  if (options.case === undefined) return;
  const live = (
    [
      'region',
      'account',
      'profile',
      'sourceProfile',
      'destinationProfile',
      'organizationProfile',
      'keyProfile',
      'sourceRoleArn',
      'destinationRoleArn',
      'organizationRoleArn',
      'keyRoleArn',
    ] as const
  ).find((name) => options[name] !== undefined);
  if (live === undefined) return;
  const option = live.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CliError(`--case works offline, so --${option} has no meaning with it: leave it out`);
}

function replay(io: Io, path: string, options: DiagnoseOptions): number {
  const file = readJsonFile(path);
  if (!file.ok) throw new CliError(file.reason);
  const evidence = readCaseFile(file.value);
  if (!evidence.ok) throw new CliError(`${path}: ${evidence.reason}; docs/cases.md shows how a case file looks`);
  for (const key of unread(file.value, evidence.value)) progress(io, `Left alone, no check reads it: ${key}`);
  const settings = settingsOf(file.value);
  if (!settings.ok) throw new CliError(`${path}: ${settings.reason}`);
  print(io, diagnosed(evidence.value, readAtOf(file.value) ?? new Date().toISOString(), settings.value), options);
  return EXIT.done;
}

function unread(document: unknown, { responses }: Evidence): readonly string[] {
  const given = (document as { responses?: object }).responses ?? {};
  return Object.keys(given).filter((key) => !Object.hasOwn(responses, key));
}

/** A case's `settings`: for which vaults a plan may be made, and for whom. Without them its own destination is listed. */
function settingsOf(document: unknown): Reading<PlanSettings | undefined> {
  const given = (document as { settings?: unknown }).settings;
  if (given === undefined) return { ok: true, value: undefined };
  const refused = (reason: string): Reading<never> => ({ ok: false, reason: `"settings" ${reason}` });
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return refused('is not a JSON object');
  const { destinations, keyGrantee = 'role' } = given as Record<string, unknown>;
  if (!Array.isArray(destinations) || !destinations.every((arn): arn is string => typeof arn === 'string')) {
    return refused('needs "destinations", a list of vault ARNs');
  }
  if (keyGrantee !== 'role' && keyGrantee !== 'account')
    return refused('has a "keyGrantee" that is not "role" or "account"');
  return { ok: true, value: { destinations, keyGrantee } };
}

/** When the evidence was read, where the case file tells it. */
function readAtOf(document: unknown): string | undefined {
  const readAt = (document as { readAt?: unknown }).readAt;
  return typeof readAt === 'string' && !Number.isNaN(Date.parse(readAt)) ? readAt : undefined;
}

async function diagnoseJob(io: Io, jobId: string, options: DiagnoseOptions): Promise<number> {
  // The SDK is loaded by what calls AWS and by nothing else.
  const [{ sourceSession, credentialsOf }, { failedCopy }, { gatherEvidence }, { Readers }] = await live();
  progress(io, 'Reading the copy job...');
  const session = await sourceSession(io, options);
  const { event, failure } = await failedCopy(jobId, session, asGiven(options));
  progress(io, 'Reading what the copy needed: vaults, keys, roles, settings...');
  const evidence = await gatherEvidence(failure, new Readers(await credentialsOf(io, session, options)));
  const readAt = new Date().toISOString();
  const saved = options.saveCase;
  // First: what cannot be saved ends in an error line, and then nothing is on stdout.
  if (saved !== undefined) writeCase(saved, { event, readAt, responses: evidence.responses });
  print(io, withGiven(diagnosed(evidence, readAt), options), options);
  if (saved !== undefined) {
    progress(io, `Saved the case to ${saved}. Replay it: npx --no-install copy-doctor diagnose --case ${arg(saved)}`);
  }
  return EXIT.done;
}

async function diagnoseLast(io: Io, last: string, options: DiagnoseOptions): Promise<number> {
  const span = timeSpan(last);
  const [{ sourceSession, credentialsOf }, { failedCopies, toFailedCopy }, { gatherEvidence }, { Readers }] =
    await live();
  const session = await sourceSession(io, options);
  const place = `account ${session.account}, Region ${session.region}`;
  progress(io, `Listing failed copies of the last ${last} in ${place}...`);
  const jobs = await failedCopies(new Date(Date.now() - span), session);
  const readers = new Readers(await credentialsOf(io, session, options));
  const results: Diagnosed[] = [];
  // One after the other: each makes about twenty reads at once, and what they share is read once.
  for (const [index, job] of jobs.entries()) {
    progress(io, `Diagnosing ${index + 1} of ${jobs.length}: ${job.CopyJobId}`);
    try {
      const evidence = await gatherEvidence(toFailedCopy(job, session).failure, readers);
      results.push(withGiven(diagnosed(evidence, new Date().toISOString()), options));
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      io.stderr.write(`copy-doctor: warning: ${error.message}\n`);
    }
  }
  if (options.json) printJson(io, { results: results.map(result) });
  else if (jobs.length === 0) io.stdout.write(`No copy failed in the last ${last} in ${place}.\n`);
  else {
    io.stdout.write(`${summaryTable(io, results)}\n`);
    for (const one of results) {
      io.stdout.write(`\n${'-'.repeat(80)}\n\n`);
      print(io, one, {});
    }
  }
  return results.length < jobs.length ? EXIT.notWorking : EXIT.done;
}

const live = () =>
  Promise.all([
    import('./sessions'),
    import('./copy-jobs'),
    import('../../lambda/aws/gather-evidence'),
    import('../../lambda/aws/readers'),
  ]);

function diagnosed(evidence: Evidence, readAt: string, settings?: PlanSettings): Diagnosed {
  const report = reportOn(evidence, readAt);
  return { jobId: evidence.failure.copyJobId, report, plans: planFixes(evidence, report.diagnosis, settings) };
}

/** With `scenario` and `injected`, as the demo prints it. */
const result = ({ jobId, report, plans }: Diagnosed) => ({
  copyJobId: jobId,
  scenario: jobId,
  injected: false,
  ...resultJson(report),
  plans: plans.flatMap((planned) => (planned.ok ? rowsOf(planned.plan) : [])),
});

/** A row a cause: two causes in one document are one plan, with one hash. */
const rowsOf = ({ causes, resource, before, after, hash }: Plan) =>
  causes.map((cause) => ({ cause, resource, before, after, hash }));

function print(io: Io, one: Diagnosed, { json }: Pick<DiagnoseOptions, 'json'>): void {
  if (json) return printJson(io, result(one));
  const style = styles(io);
  const { subject, body } = one.report.mail;
  // Headings are the lines that are not indented.
  const lines = body.split('\n').map((line) => (/^\S/.test(line) ? style('bold', line) : line));
  io.stdout.write(`${style(['bold', 'yellow'], subject)}\n\n${lines.join('\n')}`);
}

/** The options by which the source account was reached, as the commands that are printed repeat them. */
function asGiven({ profile, sourceProfile, sourceRoleArn }: CredentialOptions): string {
  const given = sourceProfile ?? profile;
  return [
    ...(given === undefined ? [] : [` --profile ${arg(given)}`]),
    ...(sourceRoleArn === undefined ? [] : [` --source-role-arn ${arg(sourceRoleArn)}`]),
  ].join('');
}

const AGAIN = /^ +npx --no-install copy-doctor diagnose \S+ --region \S+ --account \d{12}/gm;

/** A mail cannot know by which profile its reader comes; here it is known. */
function withGiven(one: Diagnosed, options: CredentialOptions): Diagnosed {
  const { mail } = one.report;
  const body = mail.body.replace(AGAIN, (command) => `${command}${asGiven(options)}`);
  return { ...one, report: { ...one.report, mail: { ...mail, body } } };
}

function writeCase(path: string, file: object): void {
  try {
    // Policies and account ids are nobody else's business on a shared computer.
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
    // The mode above is for a new file only.
    chmodSync(path, 0o600);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`the case could not be saved (${reason}): name another file with --save-case`, EXIT.wrongInput, {
      cause: error,
    });
  }
}
