package io.hyperactor.channel;

import javax.net.ssl.SSLException;

/// A peer has sent more records in a row without data than any has reason to.
final class RecordsWithoutDataException extends SSLException {
    RecordsWithoutDataException(int most) {
        super("More than " + most + " TLS records without data");
    }
}
