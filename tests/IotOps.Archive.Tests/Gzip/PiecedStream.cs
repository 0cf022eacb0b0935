using System.Runtime.InteropServices;

namespace IotOps.Archive.Tests.Gzip;

/// <summary>Gives its bytes in pieces of one size, and tells how far it was read before each.</summary>
internal sealed class PiecedStream(byte[] content, int piece, Action<long>? reading = null) : MemoryStream(content, writable: false)
{
    /// <summary>Length of the longest array that was read into.</summary>
    public int LongestArray { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        reading?.Invoke(Position);
        MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> array).ShouldBeTrue();
        LongestArray = Math.Max(LongestArray, array.Array!.Length);
        return base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
