using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IotOps.Logs.Files;

/// <summary>A short proof of some bytes of a file: their number and 128 bits of their SHA-256.</summary>
internal readonly record struct Fingerprint(int Length, UInt128 Hash)
{
    /// <summary>Bytes of a file's start that tell it from others.</summary>
    public const int HeadLength = 1024;

    /// <summary>Bytes before a position that tell whether the file is still the one that was read up to there.</summary>
    public const int WindowLength = 4096;

    public static Fingerprint Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return default;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return new Fingerprint(bytes.Length, BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    /// <summary>True when these bytes begin with the ones this was made of.</summary>
    public bool IsPrefixOf(ReadOnlySpan<byte> bytes) => bytes.Length >= Length && Of(bytes[..Length]) == this;
}
