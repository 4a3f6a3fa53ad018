// What examples/verify.mjs says of many bundles: node examples.mjs VERIFY.MJS < [[file, [log key]], …] > [null or why it is wrong, …]
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const { read, verify } = await import(pathToFileURL(process.argv[2]).href);
const said = JSON.parse(readFileSync(0, 'utf8')).map(([file, keys]) => {
  try {
    verify(read(file), keys);
    return null;
  } catch (error) {
    return String(error?.message ?? error);
  }
});
process.stdout.write(JSON.stringify(said));
