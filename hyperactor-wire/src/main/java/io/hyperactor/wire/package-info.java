/// Ids, addresses, and the bytes of messages.
package io.hyperactor.wire;
