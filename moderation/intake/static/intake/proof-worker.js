// Finds the counter whose PBKDF2 key begins as the challenge asks (ALTCHA, version 2).
"use strict";

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function key({ nonce, salt, cost, keyLength }, counter) {
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const base = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: cost };
  return hex(await crypto.subtle.deriveBits(how, base, keyLength * 8));
}

self.addEventListener("message", async (event) => {
  const challenge = JSON.parse(event.data);
  const asked = challenge.parameters;
  const parts = { ...asked, nonce: bytes(asked.nonce), salt: bytes(asked.salt) };
  for (let counter = 0; ; counter += 1) {
    const derivedKey = await key(parts, counter);
    if (derivedKey.startsWith(asked.keyPrefix)) {
      self.postMessage(btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } })));
      return;
    }
  }
});
