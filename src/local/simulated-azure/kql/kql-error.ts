/** A query that is wrong, or that the simulator cannot evaluate; the message names the part. */
export class KqlError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "KqlError";
  }
}
