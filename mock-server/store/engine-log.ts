import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const blockBytes = 32_768;
/** Checksum (4), length (2) and type (1) of a record. */
const headerBytes = 7;

/**
 * Whether the logs of a LevelDB database are as they were written. The engine itself leaves out what it finds broken in
 * them, and says nothing of it. An end in the midst of a record is none of its business here: a process that was
 * killed while it wrote leaves one, and nobody was told of that record.
 *
 * The format is that of LevelDB's `doc/log_format.md`.
 */
export async function areLogsWhole(folder: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.log') && !isLogWhole(await readFile(join(folder, name)))) return false;
  }
  return true;
}

function isLogWhole(log: Buffer): boolean {
  let at = 0;
  while (at + headerBytes <= log.length) {
    const leftInBlock = blockBytes - (at % blockBytes);
    if (leftInBlock < headerBytes) {
      at += leftInBlock;
      continue;
    }
    const length = log.readUInt16LE(at + 4);
    const end = at + headerBytes + length;
    // What was set aside and never written; nothing follows.
    if (length === 0 && log.readUInt8(at + 6) === 0) return log.subarray(at).every((byte) => byte === 0);
    if (headerBytes + length > leftInBlock) return false;
    if (end > log.length) return true;
    if (log.readUInt32LE(at) !== masked(crc32c(log, at + 6, end))) return false;
    at = end;
  }
  return true;
}

/** As the format asks: a checksum of what holds checksums would be a weak one. */
function masked(checksum: number): number {
  return (((checksum >>> 15) | (checksum << 17)) + 0xa282_ead8) >>> 0;
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f6_3b78 : value >>> 1;
  return value;
});

/** CRC-32C (Castagnoli), which Node has no function for. */
function crc32c(bytes: Buffer, from: number, to: number): number {
  let checksum = 0xffff_ffff;
  for (let at = from; at < to; at += 1) {
    checksum = (table[(checksum ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (checksum >>> 8);
  }
  return (checksum ^ 0xffff_ffff) >>> 0;
}
