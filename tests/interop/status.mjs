// Looks up credentials in status lists with other people's software: @digitalbazaar/vc-bitstring-status-list.
//
// Reads {contexts, issuers, credentials, lists: {address: status list credential}, matching} from standard input and writes
// [{verified, statuses, reason}], in the order of the credentials. The lists' own proofs are checked with it. `matching` asks that
// a list be issued by who issued the credential, which is that package's default.
import {readFileSync} from 'node:fs';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {loaderOf} from './documents.mjs';

const {contexts, issuers, credentials, lists, matching} = JSON.parse(readFileSync(0));

const documentLoader = loaderOf([...Object.entries(contexts), ...Object.entries(lists)], issuers);

const answers = [];
for(const credential of credentials) {
  const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
  let looked;
  const {verified} = await vc.verifyCredential({
    credential, suite, documentLoader,
    checkStatus: async options => looked = await checkStatus({
      ...options, suite, documentLoader, verifyMatchingIssuers: matching
    })
  });
  const statuses = looked?.results?.map(({status}) => status) ?? [];
  answers.push({verified, statuses, reason: looked?.error?.message ?? null});
}
console.log(JSON.stringify(answers));
