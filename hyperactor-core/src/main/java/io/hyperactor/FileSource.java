package io.hyperactor;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The bytes of a file.
final class FileSource implements Blob.Source {
    private final Path file;
    private @Nullable FileChannel channel;

    FileSource(Path file) {
        this.file = file;
    }

    private FileChannel channel() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            channel = open = FileChannel.open(file, StandardOpenOption.READ);
        }
        return open;
    }

    @Override
    public long length() throws IOException {
        return channel().size();
    }

    @Override
    public ByteBuffer read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel().read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException(file + " is shorter than it was");
            }
        }
        return bytes.flip();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
