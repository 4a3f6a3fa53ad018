// How fast @digitalbazaar/vc signs: node sign.mjs COUNT < given.json
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createSignCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {documentLoader, keyPair, nth, rate} from './given.mjs';

const count = Number(process.argv[2] ?? 1000);
const signer = keyPair.signer();
const sign = n => vc.issue({
  credential: nth(n), documentLoader,
  suite: new DataIntegrityProof({signer, cryptosuite: createSignCryptosuite()})
});

for(let n = 0; n < Math.min(count, 200); n++) {
  await sign(n); // until the engine has warmed up
}
const startedAt = performance.now();
for(let n = 0; n < count; n++) {
  await sign(n);
}
console.log(JSON.stringify(rate(count, startedAt)));
