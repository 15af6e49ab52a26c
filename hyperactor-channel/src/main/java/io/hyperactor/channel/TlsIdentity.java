package io.hyperactor.channel;

import java.nio.file.Path;

/// Who a process is to others over TLS, and whom it believes: three files in PEM form.
///
/// They are read when an address is served, and looked at again once a second while there are
/// connections, and when one is made: new ones are used from then on for new connections, and
/// connections with whom the new ones do not cover are ended ([ChannelEvent.PeerDistrusted]). While
/// new ones cannot be used the old ones stay in use; see [ChannelEvent.IdentityNotReloaded].
///
/// This names the files and holds nothing that is in them.
///
/// @param certificates the certificate of this process, and those between it and its authority. Its
///   subject alternative names are the hosts that it can be dialled as. It is shown both to those
///   who dial and to those who are dialled
/// @param key the private key to it, in PKCS#8 (`BEGIN PRIVATE KEY`), EC or RSA, not encrypted. The
///   file belongs to this user or root, and nobody else may read it; a file of root may also be
///   read by a group
/// @param authorities whose certificates are believed
public record TlsIdentity(Path certificates, Path key, Path authorities) {}
