import { unknownKind, type UnknownExample, type UnknownKind } from '../core/messages/unknown';
import type { IncidentRecords } from './incident-records';
import { putMetrics } from './metrics';

/** What a batch has met of texts that are not in the catalogue: written once a kind, at its end. */
export class UnknownTexts {
  readonly #met = new Map<string, { kind: UnknownKind; example: UnknownExample; count: number }>();

  add(statusMessage: string | undefined, example: UnknownExample): void {
    const kind = unknownKind(statusMessage);
    if (!kind) return;
    const known = this.#met.get(kind.id);
    this.#met.set(kind.id, { kind, example: known?.example ?? example, count: (known?.count ?? 0) + 1 });
  }

  /** The metric has a number alone: what AWS wrote stays in the table. */
  async write(records: Pick<IncidentRecords, 'countUnknown'>, deployment: string, now: Date): Promise<void> {
    const met = [...this.#met.values()];
    if (met.length === 0) return;
    const value = met.reduce((sum, { count }) => sum + count, 0);
    putMetrics(now.getTime(), { deployment }, [{ name: 'UnknownMessages', unit: 'Count', value }]);
    await Promise.all(met.map((one) => records.countUnknown({ ...one, at: now.toISOString() })));
  }
}
