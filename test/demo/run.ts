import type { Scenario } from '../sandbox/demo/scenario';
import { main } from '../sandbox/demo/start';
import type { Handler } from '../sandbox/demo/world';

/** The function as it is after a cold start: no client, no session, no configuration of another world. */
export async function coldHandler() {
  let handler: Handler | undefined;
  await jest.isolateModulesAsync(async () => {
    ({ handler } = await import('../../lambda/diagnose.handler'));
  });
  if (!handler) throw new Error('no handler');
  return handler;
}

export async function run(argv: readonly string[], playable?: readonly Scenario[]) {
  let [out, err] = ['', ''];
  const code = await main(argv, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    stopped: () => Promise.resolve(),
    loadHandler: coldHandler,
    ...(playable ? { scenarios: playable } : {}),
  });
  return { code, out, err };
}
