import { KqlError } from "./kql-error";
import type { Token } from "./lexer";

const END: Token = { kind: "end", text: "", position: 0 };

/** Reads tokens one after another. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#index + ahead] ?? END;
  }

  next(): Token {
    const token = this.peek();
    this.#index += 1;
    return token;
  }

  is(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind !== "string" && token.text === text;
  }

  /** Reads the token if it is this one. */
  skip(text: string): boolean {
    const found = this.is(text);
    if (found) this.#index += 1;
    return found;
  }

  expect(text: string): void {
    if (!this.skip(text)) throw this.unexpected(`'${text}'`);
  }

  name(what: string): string {
    if (this.peek().kind !== "name") throw this.unexpected(what);
    return this.next().text;
  }

  unexpected(wanted: string): KqlError {
    const { kind, text, position } = this.peek();
    return new KqlError(
      `${wanted} expected at position ${position}, found ${kind === "end" ? "the end" : `'${text}'`}`,
    );
  }
}
