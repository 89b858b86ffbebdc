/**
 * The one base class of every error that homologa throws on purpose.
 *
 * `code` is stable across releases and is what programs branch on; `message` is for people and says what was
 * expected, what came and what to do. `cause` carries structured detail. Neither ever holds a secret.
 */
export class HomologaError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
