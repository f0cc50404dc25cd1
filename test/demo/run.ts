import type { Scenario } from '../sandbox/demo/scenario';
import { main } from '../sandbox/demo/start';

export async function run(argv: readonly string[], playable?: readonly Scenario[]) {
  let [out, err] = ['', ''];
  const code = await main(argv, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stopped: () => Promise.resolve(),
    ...(playable ? { scenarios: playable } : {}),
  });
  return { code, out, err };
}
