import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import { recordEvidence } from '../evidence-recorder.js';
import type { EndRecord } from '../evidence-records.js';
import { evidenceLine, readRunEvidence } from '../run-evidence.js';
import { runReport } from '../run-report.js';
import { htmlReport } from './html-report.js';

type Role = 'bank' | 'partner';

/** The page of a run with one check that failed, as a reader of Portuguese sees it. */
function portuguesePage(role: Role, end: Partial<Pick<EndRecord, 'faults' | 'waitedMs'>> = {}) {
  const lines: string[] = [];
  const recorder = recordEvidence(
    {
      startedAt: '2026-11-22T12:00:00.000Z',
      target: role === 'partner' ? 'application' : 'mock',
      environment: 'here',
      role,
      bank: 'bs2',
      tags: null,
      commit: null,
      command: 'homologa',
      homologa: '0',
      node: '20',
      strict: false,
      expectedFailures: null,
    },
    (record) => lines.push(evidenceLine(record)),
  );
  recorder.check({
    index: 0,
    pickleId: '0',
    fault: null,
    check: {
      id: role === 'partner' ? 'partner.callback.denied' : 'bs2-consent-denied',
      verdict: 'failed',
      requirements: ['X-a'],
      scenario: 'The customer refused at the bank',
      bank: 'bs2',
      expected: 'a page',
      actual: 'status 500',
      reason: null,
    },
    played: {
      conduct: 'negative',
      needs: [],
      feature: { path: 'a.feature', line: 7 },
      steps: [
        { text: 'the customer is told', status: 'failed' },
        { text: 'the customer can connect afterwards', status: 'skipped' },
      ],
      exchanges: [],
      startedAtMs: Date.parse('2026-11-22T12:00:01.000Z'),
      durationMs: 5,
    },
  });
  recorder.end({ durationMs: 13_900, incomplete: false, faults: [], ...end });
  const requirement = { id: 'X-a', statement: 'S.', source: 'example.invalid/x', consequence: 'C.' };
  const register = new Map([
    ['X-a', { ...requirement, level: 'should', role, evidence: 'documented' } as const],
    ['X-b', { ...requirement, id: 'X-b', level: 'must', role, evidence: 'inferred' } as const],
  ]);
  const names = (name: string) => (name === 'The customer refused at the bank' ? 'O cliente recusou no banco' : null);
  const root = parse(htmlReport(runReport(readRunEvidence(lines.join('')), register, new Map(), names)));
  for (const english of root.querySelectorAll('[data-t=en]')) english.remove();
  return {
    title: root.querySelector('html')?.getAttribute('data-title-pt'),
    textOf: (selector: string) => root.querySelector(selector)?.text.replaceAll(/\s+/g, ' ').trim(),
  };
}

describe('the Portuguese page', () => {
  it('of an application speaks of the application', () => {
    const { title, textOf } = portuguesePage('partner');
    expect(title).toBe('homologa · aplicação · Reprovado: 1 de 1 verificação falhou');
    expect(textOf('header .top > .soft')).toBe('homologa · aplicação · BS2');
    expect(textOf('#verdict p')).toContain('fez o papel do banco, certo e errado, para esta aplicação');
    expect(textOf('.booklet dl')).toContain('Alvoaplicação');
    expect(textOf('#checks ~ details summary')).toContain('O cliente recusou no banco');
  });

  it('of a bank speaks of the bank', () => {
    const { textOf } = portuguesePage('bank');
    expect(textOf('header .top > .soft')).toBe('homologa · mock · BS2');
    expect(textOf('#verdict p')).toContain('usou este banco como um parceiro usaria');
  });

  it.each([
    ['partner', 'Falha do próprio homologa: isto não julga aplicação alguma'],
    ['bank', 'Falha do próprio homologa: isto não julga banco algum'],
  ] as const)('of a run of a %s that went wrong says whom it does not judge', (role, sentence) => {
    expect(portuguesePage(role, { faults: ['Error: no mock'] }).textOf('h1')).toBe(sentence);
  });

  it('has the words of requirements and steps, times and waits in Portuguese', () => {
    const { textOf } = portuguesePage('bank', { waitedMs: { pace: 12_340 } });
    expect(textOf('#verdict .soft')).toContain('13,9 s (12,3 s à espera do limite de requisições do banco)');
    expect(textOf('[id=req-X-a]')).toContain('deveria · documentado');
    expect(textOf('[id=req-X-b]')).toContain('deve · inferido');
    expect(textOf('#checks ~ details ol')).toBe(
      'the customer is told falhou' + 'the customer can connect afterwards não executado',
    );
    expect(textOf('#checks ~ details .why')).toContain('documentado');
    expect(textOf('#reliance ~ p')).toBe('Nada aqui depende de um comportamento que ninguém documentou no BS2.');
  });
});
