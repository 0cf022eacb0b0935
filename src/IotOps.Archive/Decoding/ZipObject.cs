using System.IO.Compression;
using IotOps.Archive.Spooling;
using IotOps.Shared;

namespace IotOps.Archive.Decoding;

/// <summary>
/// The files in a ZIP object, one behind the other, each that is text ended by a newline. Its directory is at its end, so that all of it waits in a temporary
/// file that is gone when the stream is disposed.
/// </summary>
internal sealed class ZipObject : ReadOnlyStream
{
    /// <summary>A longer one is not read.</summary>
    public const long LargestObject = 1L << 30;

    private readonly FileStream _file;
    private readonly ZipArchive _zip;
    private readonly Queue<ZipArchiveEntry> _entries;
    private ZipArchiveEntry? _entry;
    private Stream? _content;
    private uint _crc;
    private byte _last = (byte)'\n';
    private bool _isText;

    private ZipObject(FileStream file, ZipArchive zip)
    {
        _file = file;
        _zip = zip;
        _entries = new Queue<ZipArchiveEntry>(zip.Entries.Where(entry => !entry.FullName.EndsWith('/')));
    }

    /// <summary>Copies an object to a file and opens it.</summary>
    /// <param name="source">The object; stays open.</param>
    /// <param name="directory">Where the file waits.</param>
    /// <param name="cancellationToken">Ends the copying.</param>
    /// <exception cref="InvalidDataException">It has no directory that can be read.</exception>
    /// <exception cref="UnreadContentException">It is longer than <see cref="LargestObject"/>, or needs a password.</exception>
    public static async Task<ZipObject> OpenAsync(Stream source, string directory, CancellationToken cancellationToken)
    {
        FileStream file = TemporaryFile.Create(directory, "zip");
        try
        {
            byte[] block = new byte[128 << 10];
            int count;
            while ((count = await source.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (file.Length + count > LargestObject)
                {
                    throw new UnreadContentException($"a ZIP archive of more than {LargestObject >> 20} MiB");
                }

                await file.WriteAsync(block.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }

            file.Position = 0;
            ZipArchive zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken).ConfigureAwait(false);
            if (zip.Entries.Any(entry => entry.IsEncrypted))
            {
                throw new UnreadContentException("a ZIP archive with a password");
            }

            return new ZipObject(file, zip);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <exception cref="InvalidDataException">A file in it is damaged.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        bool isFirst = false;
        while (true)
        {
            if (_content is null)
            {
                if (!_entries.TryDequeue(out _entry))
                {
                    return 0;
                }

                _content = await _entry.OpenAsync(cancellationToken).ConfigureAwait(false);
                _crc = 0;
                isFirst = true;
            }

            int count = await _content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (count > 0)
            {
                // A newline behind compressed bytes would be damage.
                _isText = isFirst ? ContentMagic.Of(buffer.Span[..count]) == ContentKind.Plain : _isText;
                _crc = Crc32.Append(_crc, buffer.Span[..count]);
                _last = buffer.Span[count - 1];
                return count;
            }

            await _content.DisposeAsync().ConfigureAwait(false);
            _content = null;
            if (_crc != _entry!.Crc32)
            {
                throw new InvalidDataException($"The CRC-32 of '{_entry.FullName}' in it is not the one that it tells.");
            }

            if (_isText && _last != '\n')
            {
                _last = (byte)'\n';
                buffer.Span[0] = _last;
                return 1;
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content?.Dispose();
            _zip.Dispose();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }
}
