using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>
/// Tells rows of one moment apart: 64 bits of SHA-256. A device chooses parts of its lines, topics for example: with a hash that is easy to collide it
/// could hide one line behind another.
/// </summary>
public static class RowHash
{
    /// <summary>The hash of a row's content.</summary>
    public static long Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return BinaryPrimitives.ReadInt64BigEndian(hash);
    }

    /// <summary>The hash of a row's identity.</summary>
    public static long Of(string identity) => Of(Encoding.UTF8.GetBytes(identity));
}
