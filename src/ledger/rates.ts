import {
  afterRefusal,
  afterRemaining,
  afterUnused,
  answerAll,
  EMPTY_BOOK,
  grantIn,
  type Answer,
  type Ask,
  type Book,
  type Draw,
} from "../domain/rate/book";
import type { Store } from "../store/store";

/** The calls of one subscription that share buckets. */
export interface BookRef {
  readonly subscriptionId: string;
  readonly calls: "patchOperations" | "reads";
}

interface Waiting {
  readonly ask: Ask;
  readonly now: number;
  readonly answer: (answer: Answer) => void;
  readonly fail: (failure: unknown) => void;
}

const partitionOf = ({ subscriptionId }: BookRef): string => `rates-${subscriptionId.toLowerCase()}`;
/** Workers that write at the same moment: one of them wins each time, so that many tries are rare. */
const MOST_TRIES = 10;
/** Who never won asks again after this, and up to as much again. */
const LOST_WAIT_MS = 5_000;

/**
 * What workers share about Azure's rate limits. A book is one row, with its grants: one read and one write answer
 * all the calls that a worker asks for at the time, nothing is left to be cleaned up, and no two books depend on each
 * other.
 */
export class Rates {
  readonly #store: Store;
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** When the call may leave: the same time whenever it is asked for, until the grant is void. */
  ask(ref: BookRef, ask: Ask, now: number): Promise<Answer> {
    return new Promise((answer, fail) => {
      const name = `${partitionOf(ref)} ${ref.calls}`;
      const waiting = this.#waiting.get(name);
      const mine: Waiting = { ask, now, answer, fail };
      if (waiting) {
        waiting.push(mine);
        return;
      }
      this.#waiting.set(name, [mine]);
      void this.#serve(ref, name);
    });
  }

  /** Whether the call was granted already. */
  async knows(ref: BookRef, key: string, now: number): Promise<boolean> {
    const row = await this.#store.get<Book>(partitionOf(ref), ref.calls);
    return row !== undefined && grantIn(row.value, key, now) !== undefined;
  }

  /** Azure's answer tells how many tokens are left. */
  async tell(ref: BookRef, draw: Draw, remaining: number, now: number): Promise<void> {
    await this.#change(ref, (book) => afterRemaining(book, draw, remaining, now));
  }

  /** The call does not leave after all. */
  async giveBack(ref: BookRef, draws: readonly Draw[], key: string): Promise<void> {
    await this.#change(ref, (book) => afterUnused(book, draws, key));
  }

  /** Azure refused a call until then. */
  async close(ref: BookRef, draw: Draw, until: number, now: number): Promise<void> {
    await this.#change(ref, (book) => afterRefusal(book, draw, until, now));
  }

  /** Calls that are asked for while the row is read and written wait for the next turn, all together. */
  async #serve(ref: BookRef, name: string): Promise<void> {
    for (;;) {
      const waiting = this.#waiting.get(name) ?? [];
      if (waiting.length === 0) break;
      this.#waiting.set(name, []);
      try {
        const answers = await this.#answers(ref, waiting);
        for (const [index, { ask, now, answer }] of waiting.entries()) {
          answer(answers?.[index] ?? { kind: "askAgain", at: now + LOST_WAIT_MS * (1 + ask.spread) });
        }
      } catch (failure) {
        for (const { fail } of waiting) fail(failure);
      }
    }
    this.#waiting.delete(name);
  }

  async #answers(ref: BookRef, waiting: readonly Waiting[]): Promise<readonly Answer[] | undefined> {
    const asks = waiting.map(({ ask }) => ask);
    const now = Math.max(...waiting.map((each) => each.now));
    let answers: readonly Answer[] = [];
    const done = await this.#change(ref, (book) => {
      const answered = answerAll(book, asks, now);
      ({ answers } = answered);
      return answered.book;
    });
    return done ? answers : undefined;
  }

  /** `change` answers undefined to leave the book as it is. False when others were faster every time. */
  async #change(ref: BookRef, change: (book: Book) => Book | undefined): Promise<boolean> {
    const partition = partitionOf(ref);
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const row = await this.#store.get<Book>(partition, ref.calls);
      const book = change(row?.value ?? EMPTY_BOOK);
      if (!book) return true;
      const done = row
        ? await this.#store.replaceIfMatch(row, book)
        : await this.#store.insertIfAbsent(partition, ref.calls, book);
      if (done) return true;
    }
    return false;
  }
}
