import crypto, { createHash } from "node:crypto";

/** Run ids of HTTP requests decide when a run polls, so they follow from the course. Answers how to give chance back. */
export function seededIds(course: string): () => void {
  const { randomUUID } = crypto;
  let drawn = 0;
  Reflect.set(crypto, "randomUUID", () => {
    const hex = createHash("sha256").update(`${course} ${drawn++}`).digest("hex");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  });
  return () => void Reflect.set(crypto, "randomUUID", randomUUID);
}
