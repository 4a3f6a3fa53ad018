// How fast @digitalbazaar/vc signs and verifies, in one process and without a network: node digitalbazaar.mjs < given.json
//
// Given {contexts: {address: document}, issuers: [DID document], credentials: [text]}: signed credentials. Says {signed, verified}, the
// seconds that all of them took. The clock runs for what the library does; of verifying, reading the text is part.
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {loaderOf} from './documents.mjs';

const WARMING = 300; // by then the engine has compiled what it is going to

const {contexts, issuers, credentials} = JSON.parse(readFileSync(0));

// Everything that the library asks for, from memory.
const documentLoader = loaderOf(Object.entries(contexts), issuers);

const keyPair = await Ed25519Multikey.generate({controller: issuers[0].id});
keyPair.id = `${issuers[0].id}#${keyPair.publicKeyMultibase}`;
const signing = new DataIntegrityProof({signer: keyPair.signer(), cryptosuite: createSignCryptosuite()});
const verifying = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});

const sign = credential => vc.issue({credential, documentLoader, suite: signing});

async function verify(text) {
  const {verified, error} = await vc.verifyCredential({
    // The standing is not looked at: it is said to be good.
    credential: JSON.parse(text), documentLoader, suite: verifying, checkStatus: async () => ({verified: true})
  });
  if(!verified) {
    throw error;
  }
}

async function seconds(act, items) {
  for(const item of items.slice(0, WARMING)) {
    await act(item);
  }
  const startedAt = performance.now();
  for(const item of items) {
    await act(item);
  }
  return (performance.now() - startedAt) / 1000;
}

const unsigned = credentials.map(text => {
  const {proof, ...rest} = JSON.parse(text);
  return rest;
});
console.log(JSON.stringify({signed: await seconds(sign, unsigned), verified: await seconds(verify, credentials)}));
