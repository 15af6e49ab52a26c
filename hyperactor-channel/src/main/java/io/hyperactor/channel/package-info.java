/// Servers, links and the sessions that survive a reconnect.
package io.hyperactor.channel;
