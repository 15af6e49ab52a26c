/// Actors and the procs they run in.
package io.hyperactor;
