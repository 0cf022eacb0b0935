using System.Security.Cryptography;

namespace IotOps.Emulator.Signing;

/// <summary>Lower-case hexadecimal, the form that Signature Version 4 uses throughout.</summary>
internal static class Hex
{
    public static string Encode(ReadOnlySpan<byte> bytes) =>
        Convert.ToHexStringLower(bytes);

    public static string Sha256(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Encode(hash);
    }
}
