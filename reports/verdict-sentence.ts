import type { RunReport } from './run-report.js';

/** A text in both languages of the reports. */
export interface Bilingual {
  readonly en: string;
  readonly pt: string;
}

/** What the run came to, in one sentence. */
export function verdictSentence({ results, unexpected, overdue, evidence }: RunReport): Bilingual {
  const { exitCode } = results.run;
  const count = evidence.checks.length;
  const passed = evidence.checks.filter(({ verdict }) => verdict === 'passed').length;
  const { stopped } = results.run;
  if (stopped !== null) {
    return {
      en: `Stopped after ${String(count)} checks: ${stopped}`,
      pt: `Parado depois de ${verificacoes(count)}: ${stopped}`,
    };
  }
  if (exitCode === 130) {
    return {
      en: `Incomplete: the run was interrupted after ${String(count)} checks${unexpected.length === 0 ? '' : `, ${String(unexpected.length)} of them failed`}`,
      pt: `Incompleto: a execução foi interrompida depois de ${verificacoes(count)}${unexpected.length === 0 ? '' : `, ${String(unexpected.length)} delas ${falharam(unexpected.length)}`}`,
    };
  }
  if (exitCode === 3) {
    const isPartner = evidence.run.role === 'partner';
    return {
      en: `A fault of homologa itself: this judges no ${isPartner ? 'application' : 'bank'}`,
      pt: `Falha do próprio homologa: isto não julga ${isPartner ? 'aplicação alguma' : 'banco algum'}`,
    };
  }
  if (unexpected.length > 0) {
    const failed = String(unexpected.length);
    return {
      en: `Failed: ${failed} of ${String(count)} ${count === 1 ? 'check' : 'checks'}`,
      pt: `Reprovado: ${failed} de ${verificacoes(count)} ${falharam(unexpected.length)}`,
    };
  }
  if (overdue.length > 0) {
    return {
      en: `Failed: ${String(overdue.length)} entries of the list of expected failures are stale or outdated`,
      pt: `Reprovado: ${overdue.length === 1 ? '1 item da lista de falhas esperadas está vencido' : `${String(overdue.length)} itens da lista de falhas esperadas estão vencidos`}`,
    };
  }
  return {
    en: `Nothing unexpected: ${String(passed)} of ${String(count)} ${count === 1 ? 'check' : 'checks'} passed`,
    pt: `Nada inesperado: ${String(passed)} de ${verificacoes(count)} ${passed === 1 ? 'passou' : 'passaram'}`,
  };
}

function falharam(count: number): string {
  return count === 1 ? 'falhou' : 'falharam';
}

function verificacoes(count: number): string {
  return `${String(count)} ${count === 1 ? 'verificação' : 'verificações'}`;
}
