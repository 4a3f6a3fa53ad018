// RFC 8785 by the engine for which it was written: the bits of doubles in hex, one a line, in; their JSON, one a line, out.
import {readFileSync} from 'node:fs';

const view = new DataView(new ArrayBuffer(8));
for(const bits of readFileSync(0, 'utf8').trim().split('\n')) {
  view.setBigUint64(0, BigInt(`0x${bits}`));
  console.log(JSON.stringify(view.getFloat64(0)));
}
