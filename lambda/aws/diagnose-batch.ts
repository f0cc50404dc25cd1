import { atOnce, canLearn, folded, foldKey, wayOf, type Fold } from '../core/incident/fold';
import { isOpen, type Incident } from '../core/incident/incident';
import type { Lineage } from '../core/incident/shown';
import { diagnoseInFull, remember, type Batch, type DiagnoseServices, type Found, type Told } from './diagnose-in-full';
import { jobOf, standsFor } from './join-failure';
import { Readers } from './readers';
import { UnknownTexts } from './unknown-messages';

export type { DiagnoseServices, Told };

/** Joins failures to their incidents, each in full or as one of many; gives the ids of messages that must come again. */
export async function diagnoseBatch(messages: readonly Told[], services: DiagnoseServices): Promise<string[]> {
  if (messages.length === 0) return [];
  const { incidents, credentialsOf, kept, now, log } = services;
  const readers = new Readers(credentialsOf, { now: () => now().getTime(), kept });
  const batch: Batch = { ...services, readers, heads: new Map(), unknown: new UnknownTexts() };
  try {
    const known = await incidents.knownCopyJobs(messages.map(({ failure }) => failure.copyJobId));
    const told = messages.map((one) => ({ ...one, retry: (known.get(one.failure.copyJobId)?.attempt ?? 0) > 0 }));
    const folds = await incidents.folds(told.filter(isFolded).map(({ failure }) => foldKey(failure)));
    const wanted = [...known.values(), ...folds.values()].flatMap((one) => one.incidents);
    remember(batch, await incidents.heads(wanted));

    const [first, repeated] = split(told, (one, index) => told.findIndex((other) => sameJob(one, other)) === index);
    const { failed: unfinished, news } = await leaveKnown(first, known, batch);
    const groups = groupBy(news, (one) => (isFolded(one) ? foldKey(one.failure) : one.messageId));
    const failed = await Promise.all(
      [...groups].map(([key, group]) =>
        diagnoseGroup(key, group, folds.get(key), batch).catch((error: unknown) => {
          log.error('messages failed, they come again', { messages: group.length, error: asError(error) });
          return group;
        }),
      ),
    );
    await countUnknown(batch);
    const again = [...unfinished, ...failed.flat()];
    // Two messages about one job share what becomes of it.
    const both = repeated.filter((one) => again.some((other) => sameJob(one, other)));
    return [...again, ...both].map(({ messageId }) => messageId);
  } catch (error) {
    log.error('batch failed, it comes again', { error: asError(error) });
    return messages.map(({ messageId }) => messageId);
  }
}

/** Only numbers are lost where it fails: no message comes again for them. */
async function countUnknown({ unknown, incidents, config, now, log }: Batch): Promise<void> {
  try {
    await unknown.write(incidents, config.deployment, now());
  } catch (error) {
    log.warn('unknown messages not counted', { error: asError(error) });
  }
}

const isFolded = ({ failure, retry }: Told): boolean => !failure.drill && !retry;
const sameJob = (a: Told, b: Told) => a.failure.copyJobId === b.failure.copyJobId;

/** Failures whose incidents stand for them are done, but for a JOB that a crash may have left out. */
async function leaveKnown(
  told: readonly Told[],
  known: ReadonlyMap<string, Lineage>,
  batch: Batch,
): Promise<{ failed: readonly Told[]; news: readonly Told[] }> {
  const held = ({ failure }: Told): readonly Incident[] | undefined => {
    const ids = known.get(failure.copyJobId)?.incidents ?? [];
    const heads = ids.flatMap((id) => batch.heads.get(id) ?? []);
    const all = ids.length > 0 && heads.length === ids.length && heads.every((head) => standsFor(head, failure));
    return all ? heads : undefined;
  };
  const [old, news] = split(told, (one) => held(one) !== undefined);
  const failed = await failures(old, batch, async (one) => {
    const heads = held(one) ?? [];
    await Promise.all(
      heads.map(({ id, revision }) => batch.incidents.putJob(id, jobOf(one.failure, 'assumed', revision))),
    );
    batch.log.info('known already', { copyJobId: one.failure.copyJobId, incidents: heads.map(({ id }) => id) });
  });
  return { failed, news };
}

/** Failures of one kind: the first in full, and as soon as three say the same, the others after them. */
async function diagnoseGroup(
  key: string,
  group: readonly Told[],
  known: Fold | undefined,
  batch: Batch,
): Promise<readonly Told[]> {
  const failed: Told[] = [];
  let fold = known;
  let rest = group;
  let vain = false;
  while (rest.length > 0) {
    const at = batch.now().toISOString();
    const together = rest.slice(0, atOnce(fold, at, vain));
    rest = rest.slice(together.length);
    const [alike, others] = split(together, ({ failure }) => wayOf(failure, fold, at) === 'assume');
    const assumed = await assume(alike, fold, batch);
    const found: Found[] = [];
    const options = { sharedSimulation: fold !== undefined && at < fold.until, further: canLearn(fold, at) };
    const unread = await failures([...others, ...assumed.full], batch, async (one) => {
      const verdict = await diagnoseInFull(one, batch, options);
      if (verdict) found.push(verdict);
    });
    failed.push(...assumed.failed, ...unread);
    fold = await learn(key, fold, found, batch);
    vain = found.length === 0;
  }
  return failed;
}

/** Joins from the events alone. `full`: those that have to be diagnosed after all. */
async function assume(
  alike: readonly Told[],
  fold: Fold | undefined,
  batch: Batch,
): Promise<{ failed: readonly Told[]; full: readonly Told[] }> {
  const { incidents, heads, log } = batch;
  if (!fold || alike.length === 0) return { failed: [], full: alike };
  const allOpen = () => fold.incidents.every((id) => isOpenHere(heads.get(id)));
  if (!allOpen()) return { failed: [], full: alike };
  const failed = await failures(alike, batch, async ({ failure }) => {
    await incidents.putCopyJob(failure.copyJobId, fold.incidents);
    await Promise.all(
      fold.incidents.map((id) => incidents.putJob(id, jobOf(failure, 'assumed', heads.get(id)?.revision ?? 1))),
    );
  });
  // Read after the jobs were written: whoever ends an incident has counted them, or is seen here.
  remember(batch, await incidents.heads(fold.incidents));
  const joined = alike.filter((one) => !failed.includes(one));
  if (!allOpen()) return { failed, full: joined };
  for (const { failure } of joined) {
    const { copyJobId, statusMessage, resourceType } = failure;
    batch.unknown.add(statusMessage, { copyJobId, resourceType, incident: fold.incidents[0], causes: [] });
    log.info('assumed', { copyJobId, incidents: fold.incidents });
  }
  return { failed, full: [] };
}

const isOpenHere = (head: Incident | undefined): boolean => head !== undefined && isOpen(head);

/** Puts together with what others have found meanwhile. It only saves reads: without it, more is read. */
async function learn(
  key: string,
  before: Fold | undefined,
  found: readonly Found[],
  { incidents, now, log }: Batch,
): Promise<Fold | undefined> {
  const at = now().toISOString();
  if (found.length === 0 || !canLearn(before, at)) return before;
  const add = (fold: Fold | undefined) => found.reduce<Fold | undefined>((sum, one) => folded(sum, one, at), fold);
  try {
    const fold = add((await incidents.folds([key])).get(key));
    if (fold) await incidents.putFold(key, fold);
    return fold;
  } catch (error) {
    log.warn('fold not kept', { error: asError(error) });
    return add(before);
  }
}

/** Does it for all at once; gives those that did not work out, and lets none stop the others. */
async function failures(
  told: readonly Told[],
  { log }: Batch,
  work: (one: Told) => Promise<void>,
): Promise<readonly Told[]> {
  const results = await Promise.allSettled(told.map(work));
  return told.filter((one, index) => {
    const result = results[index];
    if (result?.status !== 'rejected') return false;
    const about = { messageId: one.messageId, copyJobId: one.failure.copyJobId };
    log.error('message failed, it comes again', { ...about, error: asError(result.reason) });
    return true;
  });
}

function split<T>(all: readonly T[], first: (one: T, index: number) => boolean): [T[], T[]] {
  const [yes, no]: [T[], T[]] = [[], []];
  all.forEach((one, index) => (first(one, index) ? yes : no).push(one));
  return [yes, no];
}

function groupBy<T>(all: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
