import { describe, expect, it } from 'vitest';
import { stackTraceIn } from './stack-traces.js';

describe('a stack trace is known', () => {
  it.each([
    ['Node.js', 'TypeError: x\n    at callback (/srv/app.js:31:9)\n    at node:internal/process/task_queues:95:5'],
    ['Node.js', 'TypeError: x\n    at file:///srv/app.mjs:3:1'],
    ['Node.js', '<pre>Error: x<br> &nbsp; &nbsp;at Layer.handle [as handle_request] (/srv/layer.js:95:5)<br></pre>'],
    ['Java', 'java.lang.IllegalStateException: x\n\tat com.exemplo.Callback.troca(Callback.java:42)'],
    ['Java', 'at java.base/java.lang.Thread.run(Thread.java:1583)'],
    ['Java', 'at com.exemplo.Token.&lt;init&gt;(Token.java:7)'],
    ['Python', 'Traceback (most recent call last):\n  File "/srv/app.py", line 12, in callback'],
    ['Python', 'File &#34;/srv/app.py&#34;, line 12, in callback'],
    ['Ruby', "/srv/app.rb:12:in 'Object#callback': undefined method"],
    ['Ruby', 'app.rb:12:in `callback&#39;'],
    ['PHP', '#0 /srv/index.php(12): troca()'],
    ['PHP', '<b>Fatal error</b>: x in <b>/srv/index.php</b> on line <b>12</b>'],
    ['.NET', '   at Exemplo.Callback.Troca(String codigo) in /srv/Callback.cs:line 42'],
    ['.NET', 'x\n   at Exemplo.Callback.Troca(String codigo)\n   at Exemplo.Callback.Volta()'],
    ['Go', 'goroutine 7 [running]:\nmain.callback(0xc000)'],
  ])('of %s', (platform, page) => {
    expect(stackTraceIn(page)).toBe(platform);
  });
});

it.each([
  'Tente de novo em instantes, ou ligue para nós at (11) 4002-8922.',
  'Conta aberta at 12:30:15, agência 0001 (São Paulo)',
  '<script src="/app.js?v=1:2:3"></script>',
  '{"error":"bank_unavailable","at":"2026-11-25T10:00:00Z"}',
  'O arquivo "extrato.pdf", line item 12',
])('and is not seen in %j', (page) => {
  expect(stackTraceIn(page)).toBeNull();
});
