// How fast @digitalbazaar/vc verifies: node check.mjs COUNT < given.json
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createSignCryptosuite, createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {documentLoader, keyPair, nth, rate} from './given.mjs';

const count = Number(process.argv[2] ?? 1000);
const DISTINCT = 100;
const signer = keyPair.signer();
const signed = [];
for(let n = 0; n < Math.min(count, DISTINCT); n++) {
  signed.push(await vc.issue({
    credential: nth(n), documentLoader,
    suite: new DataIntegrityProof({signer, cryptosuite: createSignCryptosuite()})
  }));
}

async function verify(credential) {
  const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
  const {verified, error} = await vc.verifyCredential({
    credential, suite, documentLoader, checkStatus: async () => ({verified: true})
  });
  if(!verified) {
    throw error;
  }
}

for(const credential of signed) {
  await verify(credential); // until the engine has warmed up
}
const startedAt = performance.now();
for(let n = 0; n < count; n++) {
  await verify(signed[n % signed.length]);
}
console.log(JSON.stringify(rate(count, startedAt)));
