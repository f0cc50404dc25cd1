import { distance as editDistance } from 'fastest-levenshtein';

/** The word that was probably meant: same letters but for case, dashes and a plural s, or at most 2 edits away. */
export function suggestion(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(plain(word), plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  const nearest = ranked[0];
  return nearest && nearest.distance <= 2 ? nearest.name : undefined;
}

const plain = (word: string): string => word.toLowerCase().replace(/[-_]/g, '').replace(/s$/, '');
