// What sign.mjs and check.mjs have in common: a certificate's credential, a key, and what must not be fetched.
import {readFileSync} from 'node:fs';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';

export const ISSUER = 'did:web:onex.example:certificates:v1:issuers:7';

// {contexts: {address: document}, credential: an unsigned credential}, from standard input.
export const {contexts, credential} = JSON.parse(readFileSync(0));

export const keyPair = await Ed25519Multikey.generate({controller: ISSUER});
keyPair.id = `${ISSUER}#${keyPair.publicKeyMultibase}`;

const method = await keyPair.export({publicKey: true, includeContext: true});
const documents = new Map([
  ...Object.entries(contexts),
  [keyPair.id, method],
  [ISSUER, {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: ISSUER, verificationMethod: [method], assertionMethod: [keyPair.id]
  }]
]);

export async function documentLoader(url) {
  if(!documents.has(url)) {
    throw new Error(`${url} was not given`);
  }
  return {contextUrl: null, documentUrl: url, document: documents.get(url)};
}

// The nth of many credentials: another id and another holder, as certificates differ.
export function nth(n) {
  return {...structuredClone(credential), issuer: {...credential.issuer, id: ISSUER}, id: `${credential.id}/${n}`};
}

export function rate(count, startedAt) {
  const seconds = (performance.now() - startedAt) / 1000;
  return {count, seconds, per_second: count / seconds};
}
