import { crc32, deflateRawSync } from "node:zlib";

/** The first moment that a zip can tell, for every file: 1 January 1980. */
const DATE = (1 << 5) | 1;
/** Deflate, and names in UTF-8. */
const VERSION = 20;
const UTF8 = 0x0800;
const DEFLATE = 8;
/** Made on Unix, a regular file that all may read. */
const MADE_BY = (3 << 8) | VERSION;
const MODE = 0o100644 * 0x10000;

/**
 * A zip archive (PKWARE APPNOTE 6.3): the same bytes for the same files, whenever and wherever it is made with one
 * version of Node.js. For a few files of a few megabytes: no zip64.
 * @param {ReadonlyMap<string, Uint8Array>} files by their names in the archive
 * @returns {Buffer}
 */
export function zip(files) {
  const locals = [];
  const entries = [];
  let offset = 0;
  for (const [name, content] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const nameBytes = Buffer.from(name);
    const packed = deflateRawSync(content, { level: 9 });
    // What the header before a file and its entry in the directory have in common.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8, 2);
    common.writeUInt16LE(DEFLATE, 4);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([signature(0x04034b50), common, nameBytes, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(MODE, 6);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([signature(0x02014b50), uint16(MADE_BY), common, tail, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, signature(0x06054b50), end]);
}

function signature(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
