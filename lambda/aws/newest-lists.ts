import type { Completed, CompletedCopies } from './completed-copies';
import type { Place } from './readers';

/** So many rows are looked at for all vaults together, and so many milliseconds: mails wait for it, in 256 MB. */
const MOST_ROWS = 20_000;
const LONGEST = 20_000;

/** All copies into a vault since then; undefined: not known, or not within the bounds. */
export type NewestLists = (source: Place, destinationVaultArn: string, since: string) => Promise<Completed | undefined>;

/** Lists vaults one after the other, each once, within bounds that all of them share. */
export function newestLists(completed: CompletedCopies, longest = LONGEST): NewestLists {
  // Its timer keeps nothing alive.
  const signal = AbortSignal.timeout(longest);
  const over = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const known = new Map<string, ReturnType<NewestLists>>();
  let [left, last]: [number, Promise<unknown>] = [MOST_ROWS, Promise.resolve()];
  return (source, vaultArn, since) => {
    const key = `${source.account}/${source.region}#${vaultArn}`;
    const before = known.get(key);
    if (before) return before;
    const list = async () => {
      if (left <= 0 || signal.aborted) return undefined;
      const answer = await completed(source, vaultArn, since, undefined, { rows: left, signal });
      left -= answer?.copies.length ?? 0;
      return answer;
    };
    const listed = last.then(list, list);
    last = listed;
    const answer = Promise.race([listed, over]);
    known.set(key, answer);
    return answer;
  };
}
