import { checks } from './checks';
import type { Check, CheckResult } from './checks/check';
import { copyOf, type Copy, type Evidence, type Missing } from './evidence';
import type { Confidence, FixKind } from './finding';
import { pointsTo } from './messages/point-to';
import { unproven } from './text/en/unproven';

/** One cause as it is told to people. */
export interface Cause {
  readonly id: string;
  readonly title: string;
  readonly confidence: Confidence;
  readonly fix: FixKind;
  /** True: only AWS's message points here; told together with the others that share the text. */
  readonly byMessageOnly: boolean;
  /** Reads that would settle a cause that only the message points to. */
  readonly missing: readonly Missing[];
  /** What else leaves such a cause open; it stands in `because` too. */
  readonly unsettled?: string | undefined;
  readonly resource: string | undefined;
  readonly owner: string | undefined;
  readonly because: readonly string[];
  readonly steps: readonly string[];
}

export interface NotCheckable {
  readonly id: string;
  readonly missing: readonly Missing[];
  readonly because: string | undefined;
}

export interface Diagnosis {
  readonly copy: Copy;
  readonly drill: boolean;
  /** In the order to mend them; never empty: `uncatalogued` stands where nothing else does. */
  readonly causes: readonly Cause[];
  readonly ruledOut: readonly string[];
  readonly notApplicable: readonly string[];
  readonly notCheckable: readonly NotCheckable[];
  /** Causes that the status message points to, whatever the evidence says. */
  readonly pointedTo: readonly string[];
}

interface Row {
  readonly check: Check;
  readonly result: CheckResult;
}

/** All gates in one pass: evidence gives the verdict, the status message only points. */
export function diagnose(evidence: Evidence, all: readonly Check[] = checks): Diagnosis {
  const copy = copyOf(evidence);
  const pointed: readonly string[] = copy.statusMessage ? pointsTo(copy.statusMessage) : [];
  const rows = all.map((check): Row => ({ check, result: check.evaluate(evidence) }));

  const proven = rows.flatMap((row) => provenCause(row, copy));
  const explained = rows.some(
    ({ check, result }) =>
      result.status === 'fault' &&
      result.finding.confidence !== 'possible' &&
      result.finding.explains !== false &&
      pointed.includes(check.id),
  );
  const byMessage = explained ? [] : messageCauses(pointed, rows, copy);
  const causes = inOrderToMend([...proven, ...byMessage], all, pointed);
  const told = causes.length > 0 ? causes : [uncatalogued(copy, pointed, rows)];

  return {
    copy,
    drill: evidence.failure.drill,
    causes: told,
    ruledOut: idsOf(rows, 'ok'),
    notApplicable: idsOf(rows, 'not-applicable'),
    notCheckable: rows.flatMap(({ check, result }) => {
      if (result.status !== 'unknown') return [];
      // What is told as a cause and lacks no read has nothing left to check.
      if (result.missing.length === 0 && told.some(({ id }) => id === check.id)) return [];
      return [{ id: check.id, missing: result.missing, because: result.because }];
    }),
    pointedTo: pointed,
  };
}

const idsOf = (rows: readonly Row[], status: CheckResult['status']) =>
  rows.filter(({ result }) => result.status === status).map(({ check }) => check.id);

/** Without the job's own record nothing is above *possible*, and what is only possible is mended by hand. */
function provenCause({ check, result }: Row, copy: Copy): Cause[] {
  if (result.status !== 'fault') return [];
  return [result.finding, ...(result.more ?? [])].map(({ confidence: sure, resource, owner, because, fix }) => {
    const confidence = copy.recorded ? sure : 'possible';
    return {
      id: check.id,
      title: check.title,
      confidence,
      fix: confidence === 'possible' ? 'manual' : fix.kind,
      byMessageOnly: false,
      missing: [],
      resource,
      owner,
      because,
      steps: fix.steps,
    };
  });
}

/** A cause that the message points to and that evidence leaves open. */
interface Open {
  readonly id: string;
  readonly title: string;
  readonly fix: FixKind;
  readonly messageOnly: boolean;
  readonly missing: readonly Missing[];
  readonly because: string | undefined;
  readonly steps: readonly string[] | undefined;
}

function openCause(id: string, rows: readonly Row[], copy: Copy): Open | undefined {
  const row = rows.find(({ check }) => check.id === id);
  if (row?.result.status !== 'unknown') return undefined;
  const { title, fix, messageOnly = false, stepsByMessage } = row.check;
  const { missing, because } = row.result;
  // A refused read comes first: with it, the cause may be settled.
  const steps = messageOnly || missing.length === 0 ? stepsByMessage?.(copy) : undefined;
  return { id, title, fix, messageOnly, missing, because, steps };
}

/** Causes that the message points to and that the evidence neither proves nor rules out. */
function messageCauses(pointed: readonly string[], rows: readonly Row[], copy: Copy): Cause[] {
  const open = pointed.map((id) => openCause(id, rows, copy)).filter((cause) => cause !== undefined);
  const sure = copy.recorded && open.length === 1 && (pointed.length === 1 || open[0]?.messageOnly === true);
  return open.map(({ id, title, fix, missing, because, steps }) => ({
    id,
    title,
    confidence: sure ? 'likely' : 'possible',
    // A policy is planned from evidence alone: what only a message points to is never a policy change.
    fix: sure && fix === 'retry-later' ? 'retry-later' : 'manual',
    byMessageOnly: true,
    missing,
    unsettled: because,
    resource: undefined,
    owner: undefined,
    because: unproven.byMessage(missing, because),
    steps: steps ?? unproven.lookYourself([id], copy, missing),
  }));
}

const CONFIDENCES: readonly Confidence[] = ['confirmed', 'likely', 'possible'];

/** First the gate that AWS closes first, then by confidence, then as the checks (or the text's causes) stand. */
function inOrderToMend(causes: readonly Cause[], all: readonly Check[], pointed: readonly string[]): readonly Cause[] {
  const rank = ({ id, confidence, byMessageOnly }: Cause): readonly number[] => {
    const index = all.findIndex((check) => check.id === id);
    return [
      all[index]?.firstGate ? 0 : 1,
      CONFIDENCES.indexOf(confidence),
      byMessageOnly ? 1 : 0,
      byMessageOnly ? pointed.indexOf(id) : index,
    ];
  };
  const first = (a: readonly number[], b: readonly number[]) =>
    a.map((value, place) => value - (b[place] ?? 0)).find((difference) => difference !== 0) ?? 0;
  return [...causes].sort((a, b) => first(rank(a), rank(b)));
}

function uncatalogued(copy: Copy, pointed: readonly string[], rows: readonly Row[]): Cause {
  const unread = rows.flatMap(({ result }) => (result.status === 'unknown' ? result.missing : []));
  const [ruledOut, notApplicable] = [idsOf(rows, 'ok'), idsOf(rows, 'not-applicable')];
  return {
    id: 'uncatalogued',
    title: unproven.uncatalogued.title,
    confidence: 'possible',
    fix: 'manual',
    byMessageOnly: false,
    missing: [],
    resource: undefined,
    owner: undefined,
    because: unproven.uncatalogued.because(
      {
        ok: ruledOut.length,
        unknown: idsOf(rows, 'unknown').length,
        notApplicable: notApplicable.length,
      },
      {
        ruledOut: pointed.filter((id) => ruledOut.includes(id)),
        notApplicable: pointed.filter((id) => notApplicable.includes(id)),
      },
    ),
    steps: unproven.uncatalogued.steps(copy, unread),
  };
}
