/**
 * How many random examples a property is tried with. `SOAK=50 npm test -- test/core` tries 50 times as many: for hours
 * of search by a machine that has nothing else to do.
 */
export const runs = (usual: number): number => usual * Number(process.env['SOAK'] ?? 1);
