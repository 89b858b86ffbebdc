import { afterEach, expect, test, vi } from 'vitest';
import { untilStopped } from './stop-signals.js';

afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
});

test('the first signal asks for the end, a relayed one adds nothing, a later one forces it', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${String(code)}`);
  });
  const stopped = untilStopped();
  process.emit('SIGINT', 'SIGINT');
  await stopped;
  now.mockReturnValue(1100);
  process.emit('SIGINT', 'SIGINT');
  now.mockReturnValue(2000);
  expect(() => process.emit('SIGTERM', 'SIGTERM')).toThrow('exit 143');
});
