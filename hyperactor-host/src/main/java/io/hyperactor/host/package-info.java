/// The host and its procs.
package io.hyperactor.host;
