using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IotOps.Emulator.S3;

/// <summary>
/// Ids of versions: 32 letters, digits, dots and underscores, as S3 makes them. Each holds its place in the bucket's order, so that a listing
/// continues behind a version that is gone, and a check, so that an id that was never given out is known as such.
/// </summary>
internal static class VersionId
{
    /// <summary>The id of what was stored while versioning was not enabled.</summary>
    public const string Null = "null";

    private const int RandomBytes = 10;
    private const int PlaceBytes = sizeof(long);
    private const int CheckBytes = 6;

    /// <summary>Makes the id of the version at a place in the bucket's order.</summary>
    public static string Create(long sequence)
    {
        Span<byte> id = stackalloc byte[RandomBytes + PlaceBytes + CheckBytes];
        RandomNumberGenerator.Fill(id[..RandomBytes]);
        BinaryPrimitives.WriteInt64BigEndian(id[RandomBytes..], sequence ^ Mask(id));
        Check(id).CopyTo(id[(RandomBytes + PlaceBytes)..]);
        return Convert.ToBase64String(id).Replace('+', '.').Replace('/', '_');
    }

    /// <summary>Reads the place back; false when the id is the null version's or none that was given out.</summary>
    public static bool TryRead(string text, out long sequence)
    {
        sequence = 0;
        Span<byte> id = stackalloc byte[RandomBytes + PlaceBytes + CheckBytes];
        if (text.Length != 32 || text.AsSpan().ContainsAny("+/=") || !Convert.TryFromBase64String(text.Replace('.', '+').Replace('_', '/'), id, out int count) || count != id.Length
            || !id[(RandomBytes + PlaceBytes)..].SequenceEqual(Check(id)))
        {
            return false;
        }

        sequence = BinaryPrimitives.ReadInt64BigEndian(id[RandomBytes..]) ^ Mask(id);
        return true;
    }

    // Ids of one bucket would look alike otherwise.
    private static long Mask(ReadOnlySpan<byte> id) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(id[..RandomBytes]));

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> id) => SHA256.HashData(id[..(RandomBytes + PlaceBytes)]).AsSpan(0, CheckBytes);
}
