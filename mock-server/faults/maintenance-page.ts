import type { Answer } from '../banks/exchange.js';
import { withHeader } from '../mutants/answer-changes.js';

const page = [
  '<!doctype html>',
  '<html lang="pt-BR">',
  '<head><meta charset="utf-8"><title>Manutenção programada</title></head>',
  '<body><h1>Estamos em manutenção</h1><p>Tente novamente em alguns minutos.</p></body>',
  '</html>',
].join('\r\n');

/** A page for people in the place of an answer, with the answer's status, as what stands before a bank may send it. */
export function maintenancePage(answer: Answer): Answer {
  return { ...withHeader(answer, 'content-type', 'text/html; charset=UTF-8'), body: page };
}
