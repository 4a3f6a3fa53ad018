// Verifies a certificate's bundle offline. Needs Node 20 or newer; no package, no network.
//
// node verify.mjs BUNDLE.json [KEY OF THE LOG]
//
// Get the bundle from https://<platform>/certificates/v1/credentials/<number>/bundle, and the log's key once, from a source you
// trust (https://<platform>/certificates/v1/log/keys). Without the key this shows only that the file agrees with itself.
// Exits 0 when all holds.

import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

const need = (holds, what) => { if (!holds) throw new Error(what); };
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The only one of a list that fits. */
function only(list, fits, what) {
  const found = list.filter(fits);
  need(found.length === 1, what);
  return found[0];
}

/** JSON Canonicalization Scheme (RFC 8785). */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
}

function base58(text) {
  need(text[0] === 'z', 'a key or a signature is not in base58');
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

/** W3C Data Integrity, eddsa-jcs-2022: the proof was made by a key that the issuer had in force. */
function checkSignature(document, issuer, issuers) {
  const { proof, ...unsigned } = document;
  const { proofValue, ...options } = proof;
  const known = issuers.get(issuer);
  need(known, `the DID document of ${issuer} is missing`);
  const key = only(known.verificationMethod, (one) => one.id === proof.verificationMethod, "the key is not the issuer's");
  need(key.controller === issuer && known.assertionMethod.includes(key.id), "the key is not the issuer's");
  need(key.id.startsWith(`${issuer}#`), "the key is not the issuer's");
  need(proof.type === 'DataIntegrityProof' && proof.cryptosuite === 'eddsa-jcs-2022', 'another kind of proof');
  need(proof.proofPurpose === 'assertionMethod', 'the proof is for another purpose');
  need(!proof['@context'] || canonical(proof['@context']) === canonical(document['@context']), 'the proof has other contexts');
  const made = new Date(proof.created);
  need(!Number.isNaN(made.getTime()), 'the proof has no time');
  need(!key.revoked || made < new Date(key.revoked), 'signed after its key was retired');
  const multikey = base58(key.publicKeyMultibase);
  need(multikey[0] === 0xed && multikey[1] === 0x01, 'the key is no Ed25519 key');
  const signed = Buffer.concat([sha256(canonical(options)), sha256(canonical(unsigned))]);
  need(isSignedBy(multikey.subarray(2), signed, base58(proofValue)), 'a signature does not hold');
  return made;
}

/** C2SP tlog-proof: the entry is in the log whose signed head the file ends with. */
function checkLogProof(text, keys) {
  const gap = text.indexOf('\n\n');
  const [first, extra, index, ...path] = text.slice(0, gap).split('\n');
  need(first === 'c2sp.org/tlog-proof@v1' && extra.startsWith('extra ') && index.startsWith('index '), 'no proof of a log');
  const note = text.slice(gap + 2);
  const body = note.slice(0, note.indexOf('\n\n') + 1);
  const [origin, size, root] = body.split('\n');
  const [, signer, value] = note.slice(body.length + 1).trimEnd().split(' ');
  need(note === `${body}\n— ${signer} ${value}\n`, 'the head has a form that is not known here');
  const vkey = keys.find((one) => one.split('+')[0] === signer);
  need(vkey && signer === origin, "the head is not signed with the log's key");
  const material = base64(vkey.slice(vkey.indexOf('+', signer.length + 1) + 1));
  const signature = base64(value);
  need(material[0] === 1 && sha256(`${signer}\n`, material).subarray(0, 4).equals(signature.subarray(0, 4)),
    "the head is not signed with the log's key");
  need(isSignedBy(material.subarray(1), Buffer.from(body), signature.subarray(4)), "the signature of the log's head does not hold");
  const entry = base64(extra.slice(6));
  const hashes = path.map(base64);
  let at = BigInt(index.slice(6));
  let last = BigInt(size) - 1n;
  need(index === `index ${at}` && at <= last, 'the log has no such entry');
  let result = sha256(Buffer.from([0]), entry);
  for (; last; at /= 2n, last /= 2n) { // RFC 9162, section 2.1.3.2
    if (at % 2n === 0n && at >= last) continue;
    need(hashes.length, 'the proof is too short');
    const sibling = hashes.shift();
    result = at % 2n ? sha256(Buffer.from([1]), sibling, result) : sha256(Buffer.from([1]), result, sibling);
  }
  need(hashes.length === 0 && result.equals(base64(root)), 'the proof leads elsewhere');
  return { place: BigInt(index.slice(6)), entry: JSON.parse(entry.toString('utf8')), head: `${origin}, ${size} entries` };
}

/** The log holds the issue of exactly this credential, and says nothing later that ends it. */
function checkLog(credential, log, keys) {
  const told = log.proofs.map((text) => checkLogProof(text, keys)).sort((one, other) => (one.place < other.place ? -1 : 1));
  const digest = sha256(canonical(credential)).toString('hex');
  for (const { entry } of told) {
    need(entry.credential === digest, 'an entry of the log is of another certificate');
    need(entry.issuer === credential.issuer.id, 'the log names another issuer');
  }
  const kinds = told.map(({ entry }) => entry.kind);
  need(kinds[0] === 'issued' && !kinds.slice(1).includes('issued'), 'the log does not hold its issue');
  need(['issued', 'reinstated'].includes(kinds.at(-1)), `the log says that it was ${kinds.at(-1)}`);
  return { since: told[0].entry.time, head: told[0].head };
}

/** W3C Bitstring Status List: its bit is set in neither list. */
function checkStatus(credential, lists, issuers) {
  const status = credential.credentialStatus;
  need(status.type === 'BitstringStatusListEntry' && /^\d+$/.test(status.statusListIndex), 'another kind of status');
  const index = Number(status.statusListIndex);
  const platform = `${credential.issuer.id.slice(0, credential.issuer.id.lastIndexOf(':'))}:platform`;
  const times = [status.statusListCredential, status.statusReference].map((address) => {
    const kept = only(lists, (one) => one.id === address, `the status list ${address} is missing`);
    const { statusPurpose, encodedList } = kept.credentialSubject;
    need(kept.issuer === platform && kept.type.includes('BitstringStatusListCredential'), "another's status list");
    need(address.endsWith(`/${statusPurpose}`), 'a status list for another purpose');
    const made = checkSignature(kept, platform, issuers);
    need(encodedList[0] === 'u', 'the status list is not in base64url');
    const bits = gunzipSync(Buffer.from(encodedList.slice(1), 'base64url'));
    need(index < bits.length * 8, 'the status list is too short');
    need(!(bits[index >> 3] & (0x80 >> (index & 7))), `the ${statusPurpose} list says that it does not stand`);
    return { made, until: new Date(kept.validUntil) };
  });
  return { asOf: new Date(Math.min(...times.map((one) => one.made))), until: new Date(Math.min(...times.map((one) => one.until))) };
}

/** Check a bundle; print what holds. Throws for what does not. */
export function verify(bundle, trustedKey) {
  let { credential } = bundle;
  const issuers = new Map(bundle.issuers.map((one) => [one.id, one]));
  if (Array.isArray(credential.proof)) { // the one it was issued with; others were added when it was asked for
    credential = { ...credential, proof: only(credential.proof, (one) => one.cryptosuite === 'eddsa-jcs-2022', 'not one such proof') };
  }
  const made = checkSignature(credential, credential.issuer.id, issuers);
  console.log(`holds: ${credential.issuer.name} signed it on ${made.toISOString().slice(0, 10)}; nothing was altered`);
  const { since, head } = checkLog(credential, bundle.log, trustedKey ? [trustedKey] : bundle.log.keys);
  console.log(`holds: the log (${head}) has held its issue since ${since}`);
  const { asOf, until } = checkStatus(credential, bundle.statusLists, issuers);
  console.log(`holds: on ${asOf.toISOString()} it was neither suspended, revoked nor replaced`);
  if (until < new Date()) console.log('not checked: what became of it since; get a newer bundle');
  if (!trustedKey) console.log('not checked: the keys, which came with the file; compare:', ...bundle.log.keys);
  console.log('not checked: whose certificate it is; the name is in it as a salted hash only');
}

if (import.meta.filename === process.argv[1] || process.argv[1]?.endsWith('verify.mjs')) {
  try {
    verify(JSON.parse(readFileSync(process.argv[2], 'utf8')), process.argv[3]);
  } catch (error) {
    console.error(`WRONG: ${error.message}`);
    process.exitCode = 1;
  }
}
