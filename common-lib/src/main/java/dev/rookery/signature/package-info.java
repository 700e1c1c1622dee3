/// BIP-340 Schnorr signatures over secp256k1, as a native library and in Java.
@NullMarked
package dev.rookery.signature;

import org.jspecify.annotations.NullMarked;
