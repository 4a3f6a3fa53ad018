// Verifies a certificate's bundle offline. Needs Node 20 or newer; no package, no network.
//
// node verify.mjs BUNDLE.json [--log-key KEY]
//
// Get the bundle from https://<platform>/certificates/v1/credentials/<number>/bundle, and the log's key once, from a source you
// trust (https://<platform>/certificates/v1/log/keys). Without the key this shows only that the file agrees with itself.
// Exits 0 when all holds.

import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

const KIND = 'onex.certificate_bundle.v1';
const [LARGEST_FILE, LARGEST_NOTE, LARGEST_LIST] = [8 << 20, 1_000_000, 1 << 20];
const LEAST_LIST = 131_072 / 8;
const DAY_MS = 86_400_000;
const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const PROOF_MEMBERS = ['id', 'type', 'cryptosuite', 'created', 'verificationMethod', 'proofPurpose', 'proofValue', '@context'];
const TIME = /^(?!0000)(\d{4})-(0[1-9]|1[0-2])-(\d\d)T([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

const need = (holds, what) => { if (!holds) throw new Error(what); };
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const isText = (value) => typeof value === 'string';

/** The only one of a list that fits. */
function only(list, fits, what) {
  const found = list.filter(fits);
  need(found.length === 1, what);
  return found[0];
}

/** What a file says: JSON in UTF-8, in which no member is there twice: readers would differ in which of them counts. */
export function read(path) {
  need(statSync(path).size <= LARGEST_FILE, 'the file is too large');
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  const value = JSON.parse(text);
  const colons = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|:/g)?.filter((token) => token === ':').length ?? 0;
  need(colons === members(value), 'a member is there twice');
  return value;
}

/** How many members there are in all objects: JSON.parse keeps but one of those with the same name. */
function members(value) {
  if (value === null || typeof value !== 'object') return 0;
  const inner = Object.values(value).reduce((count, one) => count + members(one), 0);
  return Array.isArray(value) ? inner : inner + Object.keys(value).length;
}

/** JSON Canonicalization Scheme (RFC 8785). Numbers are whole ones here, as in all that the platform signs. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical(value[name])}`).join(',')}}`;
  }
  need(typeof value !== 'number' || Number.isSafeInteger(value), 'a number is none of those that are signed');
  need(!isText(value) || value.isWellFormed(), 'a text has half a character');
  return JSON.stringify(value);
}

function moment(text) {
  const [, year, month, day] = (isText(text) && text.match(TIME)) || [];
  need(day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate(), 'a time is not written as one');
  return new Date(text);
}

function base58(text) {
  need(text[0] === 'z' && text.length <= 100, 'a key or a signature is not in base58');
  let number = 0n;
  for (const digit of text.slice(1)) {
    need(DIGITS.includes(digit), 'a key or a signature is not in base58');
    number = number * 58n + BigInt(DIGITS.indexOf(digit));
  }
  const hex = number ? number.toString(16) : '';
  const zeros = text.slice(1).match(/^1*/)[0].length;
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')]);
}

/** Node's own decoder lets pass what is none; this one does not. */
function base64(text) {
  const data = Buffer.from(text, 'base64');
  need(data.toString('base64') === text, 'base64 is written in one way only');
  return data;
}

function isSignedBy(raw, data, signature) {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  return signature.length === 64 && verifySignature(null, data, key, signature);
}

/** The key that a proof names, where it is its issuer's and was in force when the proof was made, and that time. */
function keyOf(proof, issuer, issuers) {
  need(Object.keys(proof).every((name) => PROOF_MEMBERS.includes(name)), 'another kind of proof');
  need(proof.type === 'DataIntegrityProof', 'another kind of proof');
  need(proof.proofPurpose === 'assertionMethod', 'the proof is for another purpose');
  const known = issuers.get(issuer);
  need(known, `the DID document of ${issuer} is missing`);
  const { verificationMethod: method } = proof;
  const made = moment(proof.created);
  need(Array.isArray(known.assertionMethod) && known.assertionMethod.includes(method), 'the key is not for this');
  const key = only(known.verificationMethod, (one) => one.id === method, "the key is not the issuer's");
  need(key.controller === issuer && method.startsWith(`${issuer}#`), "the key is not the issuer's");
  need(key.type === 'Multikey', 'another kind of key');
  const ends = ['revoked', 'expires'].filter((name) => name in key).map((name) => moment(key[name]));
  need(ends.every((end) => made < end), 'signed after its key was retired');
  return { key, made, ends };
}

/**
 * W3C Data Integrity, eddsa-jcs-2022: the proof was made by a key that the issuer had in force. Returns when.
 *
 * `logged` is when the log says that the document was issued: whoever has a key can date a proof as they like, but not the log.
 */
function checkSignature(document, issuer, issuers, logged) {
  const { proof, ...unsigned } = document;
  const { proofValue, ...options } = proof;
  const { key, made, ends } = keyOf(proof, issuer, issuers);
  need(proof.cryptosuite === 'eddsa-jcs-2022', 'another kind of proof');
  need(!('@context' in proof) || canonical(proof['@context']) === canonical(document['@context']), 'other contexts');
  need(!logged || ends.every((end) => logged < end), 'logged after its key was retired');
  const multikey = base58(key.publicKeyMultibase);
  need(multikey[0] === 0xed && multikey[1] === 0x01, 'the key is no Ed25519 key');
  const signed = Buffer.concat([sha256(canonical(options)), sha256(canonical(unsigned))]);
  need(isSignedBy(multikey.subarray(2), signed, base58(proofValue)), 'a signature does not hold');
  return made;
}

/** C2SP signed-note: a key's name, its id and the key. */
function logKey(text) {
  const [, name, id, encoded] = text.match(/^([^\s+]+)\+([^+]*)\+(.*)$/) ?? [];
  need(name, "the log's key is malformed");
  const material = base64(encoded);
  need(material[0] === 1 && material.length === 33, "the log's key is no Ed25519 key");
  need(sha256(`${name}\n`, material).toString('hex', 0, 4) === id, "the log's key does not agree with itself");
  return { name, id, raw: material.subarray(1) };
}

/** C2SP tlog-checkpoint: origin, size and root of the log, signed with its key. What witnesses signed besides is let pass. */
function checkHead(note, keys) {
  const gap = note.lastIndexOf('\n\n');
  // eslint-disable-next-line no-control-regex
  need(gap > 0 && note.length <= LARGEST_NOTE && !/[\0-\x09\x0b-\x1f]/.test(note), "the log's head is malformed");
  const [text, signatures] = [note.slice(0, gap), note.slice(gap + 2)];
  const [origin, size, root, ...more] = text.split('\n');
  need(signatures.endsWith('\n') && [origin, ...more].every(Boolean), "the log's head is malformed");
  let good = 0;
  for (const line of signatures.slice(0, -1).split('\n')) {
    const [, name, encoded] = line.match(/^— ([^\s+]+) (\S+)$/) ?? [];
    need(name, "a signature of the log's head is malformed");
    const signature = base64(encoded);
    need(signature.length > 4, "a signature of the log's head is malformed");
    for (const key of keys) {
      if (key.name !== name || name !== origin || signature.toString('hex', 0, 4) !== key.id) continue;
      need(isSignedBy(key.raw, Buffer.from(`${text}\n`), signature.subarray(4)), "the signature of the log's head does not hold");
      good += 1;
    }
  }
  need(good, "the head is not signed with the log's key");
  need(/^(0|[1-9]\d{0,19})$/.test(size), "the log's size is no number");
  return { origin, size: BigInt(size), root: base64(root) };
}

/** C2SP tlog-proof: the entry, its index, the hashes beside its way up the tree, and the signed head. */
function parseLogProof(text) {
  const gap = text.indexOf('\n\n');
  const [first, ...lines] = text.slice(0, gap).split('\n');
  need(gap > 0 && first === 'c2sp.org/tlog-proof@v1', 'no proof of a log');
  const data = lines[0]?.startsWith('extra ') ? base64(lines.shift().slice(6)) : undefined;
  const [, index] = lines.shift()?.match(/^index (0|[1-9]\d{0,19})$/) ?? [];
  need(index, 'the proof has no index');
  const hashes = lines.map(base64);
  need(hashes.every((one) => one.length === 32), 'a hash has 32 bytes');
  const entry = data && JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  return { entry, data, index: BigInt(index), hashes, note: text.slice(gap + 2) };
}

/** RFC 9162, section 2.1.3.2: the entry is in the tree. */
function checkInclusion({ data, index, hashes }, { size, root }) {
  need(index < size, 'the log has no such entry');
  let [at, last, result] = [index, size - 1n, sha256(Buffer.from([0]), data)];
  for (const sibling of hashes) {
    need(last, 'the proof is too long');
    for (; at % 2n === 0n && at >= last; at /= 2n) last /= 2n;
    result = at % 2n ? sha256(Buffer.from([1]), sibling, result) : sha256(Buffer.from([1]), result, sibling);
    [at, last] = [at / 2n, last / 2n];
  }
  need(last === 0n && result.equals(root), 'the proof leads elsewhere');
}

/** The log holds the issue of exactly this credential, and says nothing later that ends it. */
function checkLog(credential, proofs, keys) {
  const digest = sha256(canonical(credential)).toString('hex');
  const told = new Map();
  let head;
  for (const proof of proofs.map(parseLogProof)) {
    if (proof.entry?.credential !== digest) continue; // of another certificate
    head = checkHead(proof.note, keys);
    checkInclusion(proof, head);
    need(proof.entry.issuer === credential.issuer.id, 'the log names another issuer');
    told.set(proof.index, proof.entry);
  }
  need(head, 'none of the proofs is of this certificate');
  const history = [...told.keys()].sort((one, other) => (one < other ? -1 : 1)).map((index) => told.get(index));
  const last = history.at(-1).kind;
  need(['issued', 'reinstated'].includes(last), `the log says that it was ${last}`);
  need(history.every(({ kind }, at) => kind === (at ? ['reinstated', 'suspended'][at % 2] : 'issued')),
    'these are not all entries of the log, or not in order');
  return { logged: moment(history[0].time), head: `${head.origin}, ${head.size} entries` };
}

/** W3C Bitstring Status List: its bit is set in neither list. */
function checkStatus(credential, lists, issuers) {
  const status = credential.credentialStatus;
  need(status.type === 'BitstringStatusListEntry', 'another kind of status');
  need(isText(status.statusListIndex) && /^\d{1,10}$/.test(status.statusListIndex), 'the index in the status list is no number');
  const index = Number(status.statusListIndex);
  const platform = `${credential.issuer.id.slice(0, credential.issuer.id.lastIndexOf(':'))}:platform`;
  need(status.statusListCredential.endsWith(`/${status.statusPurpose}`), 'a status list for another purpose');
  const times = [status.statusListCredential, status.statusReference].map((address) => {
    const kept = only(lists, (one) => one.id === address, `the status list ${address} is missing`);
    const { type, statusPurpose, encodedList } = kept.credentialSubject;
    need(kept.issuer === platform, "another's status list");
    need(type === 'BitstringStatusList', 'no status list');
    need(address.endsWith(`/${statusPurpose}`), 'a status list for another purpose');
    const made = checkSignature(kept, platform, issuers);
    need(isText(encodedList) && /^u[\w-]+$/.test(encodedList), 'the status list is not in base64url');
    const packed = Buffer.from(encodedList.slice(1), 'base64url');
    const { buffer: bits, engine } = gunzipSync(packed, { maxOutputLength: LARGEST_LIST, info: true });
    const whole = engine.bytesWritten === packed.length && packed.readUInt32LE(packed.length - 4) === bits.length;
    need(whole, 'there is something behind the status list');
    need(bits.length >= LEAST_LIST && index < bits.length * 8, 'the status list is too short');
    need(!(bits[index >> 3] & (0x80 >> (index & 7))), `the ${statusPurpose} list says that it does not stand`);
    return { made, until: moment(kept.validUntil) };
  });
  return { asOf: new Date(Math.min(...times.map((one) => one.made))), until: new Date(Math.min(...times.map((one) => one.until))) };
}

function byId(documents) {
  const found = new Map(documents.map((one) => [one.id, one]));
  need(found.size === documents.length, 'two documents have one id');
  return found;
}

/** Check a bundle. Returns what holds and what was not checked, line by line; throws for what does not hold. */
export function verify(bundle, trustedKeys = []) {
  need(bundle.kind === KIND, 'this is no bundle');
  let { credential } = bundle;
  const issuers = byId(bundle.issuers);
  const ownKeys = bundle.log.keys.map(logKey);
  const keys = trustedKeys.length ? trustedKeys.map(logKey) : ownKeys;
  const lists = [...byId(bundle.statusLists).values()];
  need([...issuers.values()].every((one) => 'verificationMethod' in one), 'a DID document is none');
  need(lists.every(({ type }) => Array.isArray(type) && type.includes('BitstringStatusListCredential')), 'a status list is none');
  const { id: issuer, name } = credential.issuer;
  need(Array.isArray(credential.type) && credential.type.includes('VerifiableCredential'), 'this is no credential');
  const proofs = Array.isArray(credential.proof) ? credential.proof : [credential.proof];
  need(proofs.length <= 10, 'too many proofs');
  const issued = only(proofs, (one) => one.cryptosuite === 'eddsa-jcs-2022', 'not one such proof');
  const further = proofs.filter((one) => one !== issued);
  for (const one of further) { // added when the credential was asked for; what they sign is not made here
    need(one.cryptosuite === 'eddsa-rdfc-2022' && !('@context' in one), 'another kind of proof');
    keyOf(one, issuer, issuers);
  }
  credential = { ...credential, proof: issued };
  const { logged, head } = checkLog(credential, bundle.log.proofs, keys);
  const made = checkSignature(credential, issuer, issuers, logged);
  need(logged >= made && logged - made < DAY_MS, 'it is dated otherwise than its entry in the log');
  const now = new Date();
  need(moment(credential.validFrom) - now <= 600_000, 'it is not valid yet');
  need(!('validUntil' in credential) || now < moment(credential.validUntil), 'it is valid no longer');
  const { asOf, until } = checkStatus(credential, lists, issuers);
  const minute = (time) => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [
    `holds: ${name} signed it on ${made.toISOString().slice(0, 10)}; nothing was altered`,
    `holds: the log (${head}) has held its issue since ${minute(logged)}`,
    `holds: on ${minute(asOf)} it was neither suspended, revoked nor replaced`,
    further.length && 'not checked: the further proofs, which are over its statements as linked data',
    until < now && 'not checked: what became of it since; get a newer bundle',
    !trustedKeys.length && `not checked: the keys, which came with the file; compare: ${bundle.log.keys.join(' ')}`,
    'not checked: whose certificate it is; the name is in it as a salted hash only',
  ].filter(Boolean);
}

/** Without what would make a terminal show something else: names in a bundle are a stranger's until all holds. */
const plain = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options: { 'log-key': { type: 'string', multiple: true } } });
    need(positionals.length === 1, 'node verify.mjs BUNDLE.json [--log-key KEY]');
    verify(read(positionals[0]), values['log-key']).forEach((line) => console.log(plain(line)));
  } catch (error) {
    console.error(`WRONG: ${plain(String(error?.message ?? error))}`);
    process.exitCode = 1;
  }
}
