using IotOps.Fleet.Trail;
using IotOps.Shared;

namespace IotOps.Fleet.Digests;

/// <summary>Inflates and hashes one file after the other, in the same memory.</summary>
internal sealed class FileHasher : IDisposable
{
    private readonly HashSink _sink = new();
    private readonly Inflater _inflater;

    public FileHasher() => _inflater = new Inflater(_sink);

    /// <summary>The last file's content, where it was kept.</summary>
    public ReadOnlyMemory<byte> Kept => _sink.Kept;

    /// <summary>Uncompressed bytes of the last file.</summary>
    public long Length => _sink.Length;

    /// <summary>Reads a file to its end, or to the end of what can be read.</summary>
    /// <param name="file">Stays open.</param>
    /// <param name="keep">Bytes of content to keep at most; 0 for none.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public async Task<HashedFile> HashAsync(Stream file, long keep, CancellationToken cancellationToken)
    {
        _sink.Begin(keep);
        using var members = new GzipMembers(file, _inflater, FirstMember.ReadBytes);
        try
        {
            do
            {
                await FirstMember.ReadAsync(members, cancellationToken).ConfigureAwait(false);
            }
            while (!FirstMember.Inflate(members));
            return new HashedFile(_sink.End(), null, await FirstMember.LookBehindAsync(members, cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidDataException e)
        {
            // A file that is cut off or damaged was a gzip; one that never was is told by its first bytes.
            bool isGzip = members.IsInMember || GzipHeader.IsAt(members.Held.Span, 0);
            return new HashedFile(isGzip ? _sink.End() : null, e.Message, GzipTail.Nothing);
        }
    }

    public void Dispose() => _sink.Dispose();
}
