using IotOps.Shared;

namespace IotOps.Archive.Uploading;

/// <summary>Appends to a part's bytes, which stay their owner's.</summary>
internal sealed class PartBufferStream(PartBuffer buffer) : WriteOnlyStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default) =>
        buffer.AppendAsync(bytes, cancellationToken);
}
